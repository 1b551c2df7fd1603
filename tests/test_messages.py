"""Every word a person reads stands in both languages, is used, and keeps to French typography."""

import ast
import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from kit.errors import Mistake
from kit.messages import catalogue, in_words, say, section
from tests.french import slips

KIT = Path(__file__).parents[1] / "kit"

# Ids that the code puts together from two names.
PUT_TOGETHER = ("widget.place.", "widget.heading.")
LEARNER = ("feedback.", "form.", "notebook.", "widget.")
# What a key does, in the third person; "touche" there is the key.
DESCRIBED = ("widget.does.", "widget.attribution.next")
# A screen reader is told where a mark begins; the blank parts it from the words.
BLANK_AT_THE_END = {"widget.mark.begin"}


def flat(table, prefix):
    found = {}
    for key, value in table.items():
        name = f"{prefix}.{key}"
        found |= flat(value, name) if isinstance(value, dict) else {name: value}
    return found


def read(folder):
    """All messages of a folder by id."""
    table = {}
    for path in sorted((KIT / "messages" / folder).glob("*.toml")):
        table |= flat(tomllib.loads(path.read_text("utf-8")), path.stem)
    return table


FR, EN, VOUS = read("fr"), read("en"), read("fr_vous")
PYTHON = {path: path.read_text("utf-8") for path in KIT.rglob("*.py")}
PAGES = {
    path: path.read_text("utf-8")
    for room in ("widgets", "classroom")
    for path in (KIT / room).rglob("*.js")
}
TEMPLATES = "".join(path.read_text("utf-8") for path in KIT.rglob("templates/*.html"))
SOURCE = "\n".join([*PYTHON.values(), *PAGES.values()])
NODES = [node for text in PYTHON.values() for node in ast.walk(ast.parse(text))]


def placeholders(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def without_plural(id):
    return re.sub(r"\.(one|other)$", "", id)


def catalogue_of(path):
    """The catalogue's name, which a page's own ids go without."""
    if path.parent.name == "classroom":
        return f"{path.stem.split('-')[0]}."
    return "widget." if path.parent.name == "esm" else "form."


def written():
    """Ids that stand in the code as they are."""
    found = {node.value for node in NODES if isinstance(node, ast.Constant)}
    for path, text in PAGES.items():
        whole = re.findall(r"[\"`]([\w.]+)[\"`]", text) + re.findall(r"\bwords\.(\w+)", text)
        found |= {catalogue_of(path) + each for each in whole}
    return found | set(re.findall(r'say\("([\w.]+)"', TEMPLATES))


GAP = r"(\w+)"


def with_gaps():
    """Patterns of the ids that the code puts together around a name."""
    found = set()
    for node in NODES:
        if isinstance(node, ast.JoinedStr):
            constant = [isinstance(part, ast.Constant) for part in node.values]
            parts = zip(constant, node.values, strict=True)
            found.add("".join(re.escape(part.value) if is_ else GAP for is_, part in parts))
    for path, text in PAGES.items():
        for template in re.findall(r"`([\w.]*\.[\w.]*\$\{[^`]+)`", text):
            parts = [re.escape(part) for part in re.split(r"\$\{[^}]*\}", template)]
            found.add(re.escape(catalogue_of(path)) + GAP.join(parts))
    return [re.compile(each) for each in found if re.match(r"[a-z_]+\\\.", each)]


WRITTEN, WITH_GAPS = written(), with_gaps()


def is_used(id):
    ids = {id, without_plural(id)}
    if ids & WRITTEN or id.startswith(PUT_TOGETHER):
        return True
    names = [found.groups() for gap in WITH_GAPS for each in ids if (found := gap.fullmatch(each))]
    return any(all(re.search(rf"\b{each}\b", SOURCE) for each in groups) for groups in names)


def test_the_same_ids_in_both_languages():
    """What is said in French is said in English."""
    assert set(FR) == set(EN)


@pytest.mark.parametrize("id", sorted(set(FR) & set(EN)))
def test_the_same_gaps_in_both_languages(id):
    """A message names the same details in both languages, whatever the address."""
    assert placeholders(FR[id]) == placeholders(EN[id])
    assert placeholders(VOUS.get(id, FR[id])) == placeholders(FR[id])


def test_a_plural_has_both_forms():
    """Where one thing is counted, so are several."""
    counted = {without_plural(id) for id in FR if id != without_plural(id) and "{count}" in FR[id]}
    for id in counted:
        assert {f"{id}.one", f"{id}.other"} <= set(FR)


def test_the_formal_address_only_changes_what_it_must():
    """Messages to « vous » exist to « tu », and differ."""
    assert set(VOUS) <= set(FR)
    assert not [id for id in VOUS if VOUS[id] == FR[id]]


def bare(text):
    return set(re.findall(r"[\w’-]+", text.lower()))


def test_the_formal_address_is_complete():
    """No message says « tu » that has no wording with « vous »."""
    familiar = set().union(*(bare(FR[id]) - bare(VOUS[id]) for id in VOUS)) | {"tu", "toi"}
    assert {"garde", "choisis", "ta"} <= familiar
    said_to_learners = {id for id in FR if id.startswith(LEARNER) and not id.startswith(DESCRIBED)}
    assert not [id for id in said_to_learners - set(VOUS) if bare(FR[id]) & familiar]
    assert not [id for id in VOUS if bare(VOUS[id]) & {"tu", "toi", "ta", "tes"}]


def test_every_message_is_used():
    """No message is kept that nothing says."""
    assert [id for id in FR if not is_used(id)] == []


def test_every_message_is_known():
    """Nothing is said that no catalogue holds."""
    calls = [node for node in NODES if isinstance(node, ast.Call)]
    asked = {
        (call.args[0].value, frozenset(keyword.arg for keyword in call.keywords))
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id == "say"
        if isinstance(call.args[0], ast.Constant)
    }
    assert len(asked) > 20
    for id, details in asked:
        text = FR.get(id) or FR[f"{id}.other"]
        assert None in details or placeholders(text) <= details, id
    for id in re.findall(r'say\("([\w.]+)"', TEMPLATES):
        assert id in FR or f"{id}.other" in FR, id
    for path, page in PAGES.items():
        for id in re.findall(r"\bsay\(\s*\"([\w.]+\.\w+)\"", page):
            name = catalogue_of(path) + id
            assert name in FR or f"{name}.other" in FR, name


def test_every_mistake_is_known():
    """Each mistake of the kit has its three lines."""
    codes = {id.split(".")[1] for id in FR if id.startswith("mistake.") and id.count(".") == 2}
    for code in codes:
        assert {f"mistake.{code}.{part}" for part in ("found", "expected", "mend")} <= set(FR)
        assert f'"{code}"' in SOURCE


def without_code(text):
    """A mend without the lines of TOML that it quotes."""
    return re.sub(r"\w+ = (\"[^\"]*\"|\[[^]]*\])", "x", text)


@pytest.mark.parametrize("table", [FR, VOUS], ids=["tu", "vous"])
def test_french_typography(table):
    """French is set as French is: ’, « », narrow no-break spaces."""
    texts = {id: text.rstrip() if id in BLANK_AT_THE_END else text for id, text in table.items()}
    assert {id: text for id, text in texts.items() if slips(without_code(text))} == {}


def test_english_typography():
    """English has its own apostrophe and no French spaces."""
    assert [id for id, text in EN.items() if re.search(r"(?<=\w)'(?=\w)|\u202f", text)] == []


def test_one_word_for_handing_in():
    """A learner hands in (« remettre ») and does not submit."""
    assert [
        id for id, text in (FR | VOUS).items() if re.search("soumet|soumis", text.lower())
    ] == []


def test_no_exclamation():
    """Nothing is exclaimed."""
    assert [id for table in (FR, EN, VOUS) for id, text in table.items() if "!" in text] == []


@pytest.mark.parametrize(
    ("lang", "count", "form"),
    [
        ("fr", 0, "one"),
        ("fr", 1, "one"),
        ("fr", 2, "other"),
        ("en", 0, "other"),
        ("en", 1, "one"),
        ("en", 2, "other"),
    ],
)
def test_plural(lang, count, form):
    """French counts 0 and 1 as one; English 1 alone."""
    expected = catalogue(lang)[f"feedback.summary.found.{form}"].format(count=count)
    assert say("feedback.summary.found", lang, count=count) == expected


def test_address(monkeypatch):
    """A setting makes « tu » into « vous », in French alone."""
    before = [say("form.name_missing", lang) for lang in ("fr", "en")]
    monkeypatch.setenv("KIT_ADDRESS", "vous")
    after = [say("form.name_missing", lang) for lang in ("fr", "en")]
    assert before[0] != after[0]
    assert before[1] == after[1]


def test_an_unknown_message():
    """An id that is none is a mistake of the kit, told at once."""
    with pytest.raises(KeyError):
        say("form.nonsense", "fr")


def test_a_section_for_a_page():
    """A page is given its messages without the catalogue's name."""
    words = section("form", "en")
    assert words["start"] == say("form.start", "en")
    assert len(words) == sum(id.startswith("form.") for id in EN)


def test_a_mistake_in_words():
    """A mistake is told in four lines."""
    mistake = Mistake(
        "wrong_id", "exercises/x/key.toml", "exercise", {"found": "y", "expected": "x"}
    )
    head, found, expected, mend = in_words(mistake, "en").splitlines()
    assert head == "exercises/x/key.toml, exercise"
    assert found.split() == ["found", "“y”"]
    assert "“x”" in expected
    assert mend.startswith("  mend ")
