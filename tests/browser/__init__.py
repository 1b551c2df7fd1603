"""Browser tests: a real JupyterLab, a real kernel, a real Chromium."""
