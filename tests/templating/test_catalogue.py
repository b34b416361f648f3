"""Templates are found in the project first, and nothing outside of it is read."""

import pytest

from pipeline.content.views import select_views
from pipeline.diagnostics import Location, Problems
from pipeline.project import layout
from pipeline.templating import catalogue
from tests.support.workbench import AT, PAGE, Bench, get_only, write_template


def found_by(bench: Bench, name: str) -> catalogue.Template:
    return catalogue.TemplateCatalogue(bench.project).get_template(name)


def refused_by(bench: Bench, name: str) -> tuple:
    with pytest.raises(Problems) as caught:
        found_by(bench, name)
    return caught.value.diagnostics


def test_own_templates_stand_before_shipped_ones_and_shared_is_none(bench, nothing_shipped):
    shipped = nothing_shipped.parent
    for name in ("brief", "other", "_shared"):
        write_template(shipped, name, PAGE.replace("{body}", "<p>shipped</p>"))
    write_template(bench.project, "brief", PAGE.replace("{body}", "<p>own</p>"))
    write_template(bench.project, "mine", PAGE.replace("{body}", "<p>own</p>"))
    templates = catalogue.TemplateCatalogue(bench.project)
    assert templates.list_names() == ("brief", "mine", "other")
    (view,) = select_views(bench.content)
    assert (
        ">own<" in templates.render_view(templates.get_template("brief"), view, bench.content).html
    )
    assert (
        ">shipped<"
        in templates.render_view(templates.get_template("other"), view, bench.content).html
    )


@pytest.mark.parametrize("name", ["Upper", "of two", "x`|@all", "y\n::error::z"])
def test_what_a_template_cannot_be_called(bench, name):
    write_template(bench.project, name, PAGE)

    found = get_only(refused_by(bench, name))

    assert (found.code, found.at.file) == ("bad-value", f"templates/{name}")
    assert found.message == f"`{name}` cannot be a template's name"


def test_a_template_of_the_same_name_can_extend_the_shipped_one(bench, nothing_shipped):
    shipped = write_template(
        nothing_shipped.parent,
        "brief",
        PAGE.replace("{body}", "{% block main %}<p>shipped</p>{% endblock %}"),
    )
    own = write_template(
        bench.project,
        "brief",
        '{% extends "shipped/brief/document.html.j2" %}'
        "{% block main %}{{ super() }}<p>and own</p>{% endblock %}",
        "extends: shipped/brief",
    )
    for folder in (shipped, own):
        (folder / "theme.yaml").write_text("x")
    templates = catalogue.TemplateCatalogue(bench.project)
    brief = templates.get_template("brief")
    assert list(brief.find_files("theme.yaml")) == [shipped / "theme.yaml", own / "theme.yaml"]
    (view,) = select_views(bench.content)
    html = templates.render_view(brief, view, bench.content).html
    assert html.index(">shipped<") < html.index(">and own<")


def test_a_template_needs_and_is_split_as_what_it_extends(bench):
    write_template(
        bench.project, "base", PAGE, "needs: [summary]\nsplits: [question]\noptions: {a: A, b: B}"
    )
    write_template(bench.project, "heir", spec="extends: base\noptions: {b: own}")
    heir = found_by(bench, "heir").spec
    assert (heir.needs, heir.splits) == (("summary",), ("question",))
    assert heir.options == {"a": "A", "b": "own"}


def test_a_template_can_be_split_otherwise_than_what_it_extends(bench):
    write_template(bench.project, "base", PAGE, "splits: [question]")
    write_template(bench.project, "heir", spec="extends: base\nsplits: [expert]")
    assert found_by(bench, "heir").spec.splits == ("expert",)


def test_a_template_says_what_it_can_be_split_by(bench):
    write_template(bench.project, "own", PAGE, "splits: [question]")
    own = found_by(bench, "own")
    assert own.can_split_by()
    assert own.can_split_by("question")
    assert not own.can_split_by("question", "expert")


def test_a_template_without_a_document_takes_that_of_the_one_it_extends(bench):
    write_template(bench.project, "base", PAGE.replace("{body}", "<p>base</p>"))
    write_template(bench.project, "own", "", "extends: base")
    templates = catalogue.TemplateCatalogue(bench.project)
    (view,) = select_views(bench.content)
    assert (
        ">base<" in templates.render_view(templates.get_template("own"), view, bench.content).html
    )
    assert templates.get_template("own").folders[-2:] == (
        bench.project / "templates/base",
        bench.project / "templates/own",
    )


@pytest.mark.parametrize(
    ("spec", "code", "line", "message", "hint"),
    [
        ("colour: red", "unknown-key", 3, "colour", "known: "),
        ("split: [question]", "unknown-key", 3, "split", "did you mean `splits`?"),
        ("splits: [questions]", "bad-value", 3, "questions", "did you mean `question`?"),
        ("splits: question", "wrong-type", 3, "a list", ""),
        ("extends: bass", "unknown-template", 3, "no template `bass`", "did you mean `base`?"),
        ("extends: own", "template-loop", 3, "extends itself", ""),
        ("extends: loop", "template-loop", 3, "extends itself", ""),
        ("extends: ../base", "bad-value", 3, "../base", "a template's name"),
        ("needs: [summaries]", "bad-value", 3, "summaries", "did you mean `summary`?"),
        ("options: [a]", "wrong-type", 3, "a mapping", ""),
        ("a: b: c", "yaml-syntax", 3, "not YAML", "quotes"),
        ("", "template-without-document", 0, "no document.html.j2", "extends:"),
    ],
)
def test_a_bad_description_is_refused_at_its_line(bench, spec, code, line, message, hint):
    write_template(bench.project, "base", PAGE)
    write_template(bench.project, "loop", "", "extends: own")
    write_template(bench.project, "own", "", spec)
    found = get_only(refused_by(bench, "own"))
    assert found.code == code
    assert message in found.message
    assert hint in (found.hint or "")
    assert found.at
    assert found.at.file in ("templates/own/template.yaml", "templates/loop/template.yaml")
    assert found.at.line == line


def test_all_that_is_wrong_with_a_description_is_told_at_once(bench):
    folder = write_template(bench.project, "own", PAGE)
    (folder / "template.yaml").write_text("titel: x\nneeds: [y]\n")
    assert [d.code for d in refused_by(bench, "own")] == [
        "unknown-key",
        "bad-value",
        "missing-key",
        "missing-key",
    ]


def test_an_unknown_template_is_told_with_the_nearest(bench):
    write_template(bench.project, "per-question", PAGE)
    found = get_only(refused_by(bench, "per-questions"))
    assert (found.code, found.hint) == ("unknown-template", "did you mean `per-question`?")


def test_a_template_that_is_not_utf8_is_refused_with_the_byte(bench):
    write_template(bench.project, "own", "x")
    (bench.project / AT).write_bytes(b"<p>ok</p>\n<p>caf\xe9</p>")
    templates = catalogue.TemplateCatalogue(bench.project)
    (view,) = select_views(bench.content)
    with pytest.raises(Problems) as caught:
        templates.render_view(templates.get_template("own"), view, bench.content)
    found = get_only(caught.value.diagnostics)
    assert (found.code, found.at) == ("not-utf8", Location(AT, 2, 7))


def test_a_template_folder_that_leads_out_of_the_project_is_not_read(bench, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.html.j2").write_text("<p>secret</p>")
    (bench.project / "templates").mkdir()
    (bench.project / "templates" / "linked").symlink_to(outside)
    found = get_only(bench.catch_refusal("{% include 'linked/secret.html.j2' %}"))
    assert found.code == "template-missing"


@pytest.mark.parametrize("name", ["template.yaml", "document.html.j2", "print.css"])
def test_a_template_file_that_links_out_of_the_templates_is_not_read(bench, tmp_path, name):
    folder = write_template(bench.project, "own", PAGE)
    (tmp_path / "secret").write_text("title: Secret\ndescription: Secret\n")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(tmp_path / "secret")
    with pytest.raises(Problems) as caught:
        list(found_by(bench, "own").find_files(name))
    found = get_only(caught.value.diagnostics)
    assert (found.code, found.at) == ("file-outside", Location(f"templates/own/{name}"))
    assert found.hint == "put the file itself there"


@pytest.mark.parametrize("name", ["own", "_shared"])
def test_a_folder_of_templates_that_is_a_link_out_of_them_is_not_read(bench, tmp_path, name):
    write_template(bench.project, "own", PAGE)
    outside = write_template(tmp_path / "outside", name, PAGE)
    linked = bench.project / "templates" / name
    if linked.exists():
        linked.rename(tmp_path / "kept")
    linked.symlink_to(outside)
    found = get_only(refused_by(bench, "own"))
    assert found.code == "file-outside"
    assert found.at.file in ("templates/own/template.yaml", "templates/_shared")


def test_templates_that_are_a_link_out_of_the_project_are_not_read(bench, tmp_path):
    write_template(tmp_path / "outside", "own", PAGE)
    (bench.project / "templates").symlink_to(tmp_path / "outside" / "templates")
    found = get_only(refused_by(bench, "own"))
    assert (found.code, found.at) == ("file-outside", Location("templates"))


@pytest.mark.parametrize("target", ["templates", "nowhere"])
def test_a_link_that_leads_nowhere_is_no_template(bench, target):
    (bench.project / "templates").symlink_to(target)
    found = get_only(refused_by(bench, "own"))
    assert (found.code, found.at) == ("unreadable", Location("templates"))


def test_only_what_is_shipped_is_found_as_shipped(bench):
    write_template(bench.project, "mine", PAGE)
    write_template(bench.project, "own", PAGE, "extends: shipped/mine")
    found = get_only(refused_by(bench, "own"))
    assert (found.code, found.at.line) == ("unknown-template", 3)
    assert "there is no template `shipped/mine`" in found.message


def test_a_template_is_found_by_its_name_only(bench, tmp_path):
    write_template(tmp_path, "outside", PAGE)
    found = get_only(refused_by(bench, "../../templates/outside"))
    assert found.code == "unknown-template"


def test_shipped_templates_come_with_the_package():
    folder = layout.locate_shipped_templates()
    assert (folder / "_shared" / "base.html.j2").is_file()
