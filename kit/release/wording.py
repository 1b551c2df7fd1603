"""What was released and what was found, in words."""

from __future__ import annotations

from pathlib import Path

from kit import exam
from kit.messages import say
from kit.release.bundle import Built, Plan
from kit.release.leaks import NAMES, Leak


def told(leak: Leak, lang: str) -> str:
    """Word a leak: its place, what was found, how it was read, and the mend."""
    file = say("release.names", lang) if leak.file == NAMES else leak.file
    place = leak.place
    if place.startswith(":"):
        place = say("release.line", lang, line=place[1:])
    found = say(f"release.leak.{leak.code}.found", lang, what=leak.what)
    lines = [
        ", ".join(filter(None, (file, place))),
        f"  {say('mistake.found', lang):<9} {found}",
    ]
    notes = []
    if leak.steps:
        notes.append(say("release.through", lang, steps=" → ".join(leak.steps)))
    if leak.count > 1:
        notes.append(say("release.more", lang, count=leak.count))
    if notes:
        lines.append(f"{'':<11} {', '.join(notes)}")
    lines.append(f"  {say('mistake.mend', lang):<9} {say(f'release.leak.{leak.code}.mend', lang)}")
    return "\n".join(lines)


def in_words(plan: Plan, built: Built, lang: str) -> list[str]:
    """Word what came of a release that was not refused."""
    said = [
        say(
            "release.built",
            lang,
            folder=plan.to,
            archive=plan.to.with_name(f"{plan.to.name}.zip"),
            exercises=", ".join(built.exercises),
            notebooks=len(built.notebooks),
        )
    ]
    if built.left_out:
        names = ", ".join(Path(name).stem for name in built.left_out)
        said.append(say("release.left_out", lang, notebooks=names))
    if not plan.is_exam:
        return [*said, say("release.packed", lang)]
    if built.without:
        said.append(say("release.without", lang, exercises=", ".join(built.without)))
    keys = plan.keys or "exercises"
    said.append(say("release.exam", lang, keys=keys))
    sat = exam.read(plan.to)
    if sat and (sat.opens or sat.closes):
        said.append(say("release.times", lang, closes=sat.closes or "last"))
    return said
