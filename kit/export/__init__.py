"""What was graded, in the files of others: Moodle, Canvas, a spreadsheet, programs."""
