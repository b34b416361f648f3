"""Short sources, one difficulty each: who speaks, what is asked and told, what is asked back."""

import textwrap

import pytest

from pipeline.diagnostics import Findings, Problems
from pipeline.importers import ledger, roundtable, source
from pipeline.importers.asking import Decisions
from tests.support.import_totals import check_totals


class Import:
    """An import of a short text, with what it found in plain values."""

    def __init__(self, text: str, folder, **known: str) -> None:
        path = folder / "source.txt"
        path.write_text(textwrap.dedent(text).lstrip(), "utf-8")
        reading = source.reading(source.read(str(path), None))
        self.findings, self.decisions = Findings(), Decisions(known)
        self.draft = roundtable.read(reading, self.decisions, self.findings, "source.txt")
        account = ledger.account(reading, self.draft, self.findings, "source.txt")
        check_totals(account)
        assert not any(found.is_error for found in self.findings)

    @property
    def experts(self):
        return [(p.name, p.descriptor, p.roles, p.affiliation) for p in self.draft.experts]

    @property
    def names(self):
        return [person.name for person in self.draft.experts]

    @property
    def questions(self):
        return [None if q.implied else q.text for q in self.draft.questions]

    @property
    def answers(self):
        """For each question, who said what: the first words of each paragraph."""
        return [
            [
                (" and ".join(p.name for p in turn.people), [b.text for b in turn.blocks])
                for turn in question.turns
            ]
            for question in self.draft.questions
        ]

    @property
    def codes(self):
        return [found.code for found in self.findings]

    @property
    def skipped(self):
        return [left.text for left in self.draft.skipped]

    @property
    def asked(self):
        return [query.id for query in self.decisions.open]


@pytest.fixture
def imported(tmp_path):
    return lambda text, **known: Import(text, tmp_path, **known)


class TestNames:
    def test_a_name_that_runs_into_its_position_is_divided_by_the_later_label(self, imported):
        made = imported(
            """
            #1 Who keeps the gate?

            Ana Souzawarden, Lock Trust:

            “I do.”

            Li Weiengineer, Canal Works:

            “Nobody.”

            #2 Who should?

            Wei: “Ask Ana.”

            Souza: “Ask Li.”
            """
        )
        assert made.experts == [
            ("Ana Souza", "warden, Lock Trust", ("warden",), "Lock Trust"),
            ("Li Wei", "engineer, Canal Works", ("engineer",), "Canal Works"),
        ]
        assert made.answers[1] == [("Li Wei", ["Ask Ana."]), ("Ana Souza", ["Ask Li."])]
        assert any("divided by label: Ana Souza, Li Wei" in p for p in made.draft.proposals)

    def test_a_name_that_runs_into_a_capital_is_divided_there(self, imported):
        made = imported(
            """
            The pact is a week old. Three of our people wrote back.

            Mirela DrăguțPresident & CEO, Harbour Institute

            Nobody has put pilots on the agenda.

              • Berth logs: a court struck out the old register.
              • A mooring bill sits with two committees.

            None of it will be settled by Friday.

            Tomás O'BrienNon-resident Fellow, Harbour Institute

            Watch the seating plan.

            Ingrid van der MeerDirector, Tides Programme

            I expect nothing.
            """
        )
        assert [(name, descriptor) for name, descriptor, _, _ in made.experts] == [
            ("Mirela Drăguț", "President & CEO, Harbour Institute"),
            ("Tomás O'Brien", "Non-resident Fellow, Harbour Institute"),
            ("Ingrid van der Meer", "Director, Tides Programme"),
        ]
        assert made.questions == [None]
        assert [len(said) for _, said in made.answers[0]] == [4, 1, 1]

    def test_a_surname_that_ends_like_a_position_is_a_surname(self, imported):
        made = imported(
            """
            #1 Who reads?

            Henry Longfellow, librarian, Mill House: I do.

            Ada Whitehead, keeper of maps: I count.

            #2 Who writes?

            Longfellow: Nobody now.

            Whitehead: The maps do.
            """
        )
        assert made.names == ["Henry Longfellow", "Ada Whitehead"]

    def test_two_names_that_are_alike_are_two_persons(self, imported):
        made = imported(
            """
            #1 Who sings?

            Frederico Maia: I do.

            Federico Maia: So do I.

            #2 When?

            Federico Maia: At night.

            Frederico Maia: At noon.
            """
        )
        assert made.names == ["Frederico Maia", "Federico Maia"]
        assert made.answers[1] == [
            ("Federico Maia", ["At night."]),
            ("Frederico Maia", ["At noon."]),
        ]
        assert made.asked == []

    def test_a_surname_of_two_is_asked_about_and_the_answer_is_taken(self, imported):
        text = """
            #1 Who keeps the light?

            Ines Halloran: I do.

            Tomas Halloran: She does.

            #2 Who pays?

            Halloran: The county.
            """
        made = imported(text)
        assert made.asked == ["label Halloran"]
        (query,) = made.decisions.open
        assert query.choices == ("Ines Halloran", "Tomas Halloran")
        assert query.evidence == ("9: Halloran: The county.",)
        answered = imported(text, **{"label Halloran": "Tomas Halloran"})
        assert answered.asked == []
        assert answered.answers[1] == [("Tomas Halloran", ["The county."])]

    @pytest.mark.parametrize(
        "label",
        ["Ruiz", "Ana", "A. Ruiz", "Dr. Ruiz", "ANA RUIZ", "AR", "A.R.", "Ana Ruiz", "Ms Ruiz"],
    )
    def test_a_label_may_take_any_form_that_follows_from_the_name(self, imported, label):
        made = imported(
            f"""
            #1 What holds?

            Ana Maria Ruiz, director, Weir House: Stone.

            Bo Li, mason: Lime.

            #2 What breaks?

            {label}: Lime.

            Li: Stone.
            """
        )
        assert made.names == ["Ana Maria Ruiz", "Bo Li"]
        assert [who for who, _ in made.answers[1]] == ["Ana Maria Ruiz", "Bo Li"]

    def test_names_in_capitals_are_written_as_names_and_marked_as_derived(self, imported):
        made = imported(
            """
            GWEN THRUSHCROSS: Let us begin, Noel: who fed the gulls?

            NOEL SYLVESTRE: I keep a table. It runs to nine pages and--

            THRUSHCROSS: Nine.

            SYLVESTRE: --two appendices.

            SYLVESTRE: [Laughs]
            """
        )
        assert made.names == ["Noel Sylvestre"]
        assert [person.name for person in made.draft.moderators] == ["Gwen Thrushcross"]
        assert made.questions == ["Let us begin, Noel: who fed the gulls?"]
        assert [who for who, _ in made.answers[0]] == [
            "Noel Sylvestre", "Gwen Thrushcross", "Noel Sylvestre", "Noel Sylvestre",
        ]  # fmt: skip
        assert any(p.startswith("name recased from capitals") for p in made.draft.proposals)
        assert "stage-direction" in made.codes

    def test_an_organisation_in_brackets_is_the_affiliation(self, imported):
        made = imported(
            """
            Notes from the last session (all have tied for money).

            Jamila Chang (Klee Rigging)
            Hemp first, nylon next, and now "hemp again."

            Noel Lopes (Powerof2Knots)
            A knot is "a decision," he told the back row.

            Jo Mack (Queasy Quays)

            She "would rather be sailing" and said so twice.
            """
        )
        assert made.experts[1] == ("Noel Lopes", "Powerof2Knots", (), "Powerof2Knots")
        assert made.answers[0][0] == (
            "Jamila Chang", ['Hemp first, nylon next, and now "hemp again."'],
        )  # fmt: skip
        assert "question-implied" in made.codes


class TestSpeech:
    def test_bare_names_over_speech_are_taken_and_told(self, imported):
        made = imported(
            """
            The lake talks are over.

            Kerstin Vollmer

            Three things happened:  a signature, a handshake, and an early train.

            I count the train as progress.

            James Lamott

            Nobody brought the right map.
            """
        )
        assert made.names == ["Kerstin Vollmer", "James Lamott"]
        assert [len(said) for _, said in made.answers[0]] == [2, 1]
        assert "label-once" in made.codes

    def test_a_no_break_space_hides_no_label(self, imported):
        made = imported(
            """
            #1 Who?

            Ana Ruiz: “I.”

            Bo Li:\N{NO-BREAK SPACE}“And I.”

            #2 Why?

            Li:\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}“Why not.”
            """
        )
        assert [len(answers) for answers in made.answers] == [2, 1]

    def test_a_colon_in_an_answer_is_no_label(self, imported):
        made = imported(
            """
            #1 What is to be done?

            Ana Ruiz, director, Weir House: Little.

            My view: close the gate.

            Three things: oil, cloth, and time.

            The Northern Board: a case for itself.

            Bo Li, mason: Much.

            #2 By whom?

            Ruiz: By us. Li: he will not.

            Li: By them.
            """
        )
        assert [who for who, _ in made.answers[0]] == ["Ana Ruiz", "Bo Li"]
        assert len(made.answers[0][0][1]) == 4
        assert made.answers[1][0] == ("Ana Ruiz", ["By us. Li: he will not."])

    def test_a_joint_answer_is_one_answer_of_two(self, imported):
        made = imported(
            """
            #1 Why now?

            Ann Han, engineer: It rains.

            Bob Hashman, lawyer: It rained.

            #2 What then?

            Han and Hashman: We dig.
            """
        )
        assert made.answers[1] == [("Ann Han and Bob Hashman", ["We dig."])]

    def test_an_answer_that_is_lost_is_told_and_not_filled(self, imported):
        made = imported(
            """
            #1 Why?

            Ana Ruiz: Because.

            Bo Li: So.

            #2 How?

            Ruiz:

            Li: Slowly.
            """
        )
        assert made.answers[1] == [("Bo Li", ["Slowly."])]
        assert made.codes == ["answer-missing"]

    def test_speakers_may_be_named_behind_their_speech(self, imported):
        made = imported(
            """
            What is a shelter for?

            It has a back wall.

            It keeps the wind off.

            — Jane Roe, Tide Institute

            The bench is long enough.

            — Ignatius Farthingale, chairman
            """
        )
        assert made.answers == [
            [
                ("Jane Roe", ["It has a back wall.", "It keeps the wind off."]),
                ("Ignatius Farthingale", ["The bench is long enough."]),
            ]
        ]

    def test_what_follows_the_last_answer_is_nobodys(self, imported):
        made = imported(
            """
            The 2×2—Locks

            By Ola Nord

            #1 Are locks open?

            Ana Souza, warden, Lock Trust: “Yes.”

            Li Wei, engineer: “No.”

            More from the Fog Desk:

            The lock report

            Ten gates to see

            #2 Should they be?

            Souza: “Ask Li.”

            Wei: “Ask Ana.”

            Ola Nord is a fellow at the Fog Desk. She edits The 2×2.

            The Fog Desk, under the Lock Board, works at the nexus of fog and locks.

            Related Experts: Ana Souza

            Image: A gate by Piet Lang
            """
        )
        assert made.answers[1] == [("Ana Souza", ["Ask Li."]), ("Li Wei", ["Ask Ana."])]
        assert made.skipped == ["More from the Fog Desk:", "The lock report", "Ten gates to see"]
        assert [block.text[:8] for block in made.draft.about] == ["The Fog "]
        assert (made.draft.related, made.draft.credits) == (["Ana Souza"], ["A gate by Piet Lang"])
        (bio,) = made.draft.bios.values()
        assert bio[0].text.startswith("Ola Nord is")
        assert (made.draft.series, made.draft.short_title) == ("The 2×2", "Locks")


class TestQuotationMarks:
    def told(self, imported, said):
        made = imported(
            f"#1 Who?\n\nAna Ruiz: {said}\n\nBo Li: I.\n\n#2 Why?\n\nRuiz: Why?\n\nLi: So.\n"
        )
        (turn,) = [t for t in made.draft.questions[0].turns if t.people[0].name == "Ana Ruiz"]
        return [block.text for block in turn.blocks], turn.quotes

    @pytest.mark.parametrize(
        ("said", "kept", "quotes"),
        [
            ("“Yes.”", ["Yes."], "both"),
            ("“Yes, “of course” yes.”", ["Yes, “of course” yes."], "both"),
            ("“Yes,” she said, “no.”", ["“Yes,” she said, “no.”"], "none"),
            ("“Yes, and no.", ["Yes, and no."], "unclosed"),
            ("Yes, and “no.”", ["Yes, and “no.”"], "none"),
            ("“One.\n\n“Two.”", ["One.", "“Two."], "both"),
            ("“One.”\n\n“Two.”", ["“One.”", "“Two.”"], "none"),
            ('"Yes, it says "open.""', ['Yes, it says "open."'], "both"),
            ('"Yes," she said.', ['"Yes," she said.'], "none"),
            ("„Ja.“", ["Ja."], "both"),
            ("« Oui. »", ["Oui."], "both"),
            ("‘I’d say so. It’s late.’", ["I’d say so. It’s late."], "both"),
        ],
    )
    def test_the_outer_pair_comes_off_only_round_the_whole_answer(
        self, imported, said, kept, quotes
    ):
        assert self.told(imported, said) == (kept, quotes)


class TestQuestions:
    def test_questions_that_are_counted_badly_are_counted_anew(self, imported):
        made = imported(
            """
            1. Who?

            Ana Ruiz: I.

            Bo Li: I, too.

            1. Why?

            Ruiz: Because.
            """
        )
        assert made.questions == ["Who?", "Why?"]
        assert "renumbered" in made.codes

    @pytest.mark.parametrize("mark", ["#{n} ", "{n}. ", "Q{n}: ", "Question {n}: ", "{n}) ", "Q: "])
    def test_a_question_may_be_marked_in_many_ways(self, imported, mark):
        made = imported(
            f"{mark.format(n=1)}Who?\n\nAna Ruiz: I.\n\nBo Li: I.\n\n"
            f"{mark.format(n=2)}Why?\n\nRuiz: So.\n\nLi: So.\n"
        )
        assert made.questions == ["Who?", "Why?"]
        assert [len(answers) for answers in made.answers] == [2, 2]

    def test_a_question_that_a_speaker_asks_is_no_question(self, imported):
        made = imported(
            """
            Who keeps the gate?

            Ana Ruiz: I do.

            But who will pay?

            Bo Li: Nobody.

            Who will keep it next?

            Ana Ruiz: My son.

            Bo Li: Hers.
            """
        )
        assert made.questions == ["Who keeps the gate?", "Who will keep it next?"]
        assert made.answers[0][0] == ("Ana Ruiz", ["I do.", "But who will pay?"])

    def test_headings_that_ask_nothing_are_asked_about(self, imported):
        made = imported(
            """
            Panel: Riggers Talk About The Long Pier

            Robin Hunter moderated; Matt Gilgen (24 Carrick), Tyla Glade (Eyes), Rowan Parr (Qu) sat.

            Introduction

            Robin Hunter (thatropecompany): Everyone here owns rope.

            The Long Pier

            Matt Gilgen (24 Carrick): We applied by letter.

            Tyla Glade: So did we.
            """  # noqa: E501
        )
        assert made.asked == ["sections"]
        assert made.questions == ["Introduction", "The Long Pier"]
        assert made.names == ["Matt Gilgen", "Tyla Glade", "Rowan Parr"]
        assert [person.name for person in made.draft.moderators] == ["Robin Hunter"]

    def test_one_answer_to_two_questions_is_asked_about(self, imported):
        made = imported(
            """
            Two questions went to our panel: what is a pilot, and what does one lack? All replied.

            Sandra Marchetti Jonsson, MD: Keep the Lamps Lit

            A pilot is a guest who drives.

            Erik F. Bernhard, MD, MSE: Charts Come First

            Three things: paper, ink, and a dry drawer.
            """
        )
        assert made.asked == ["questions stated"]
        assert [(n, d) for n, d, _, _ in made.experts] == [
            ("Sandra Marchetti Jonsson", "MD"), ("Erik F. Bernhard", "MD, MSE"),
        ]  # fmt: skip

    def test_a_count_in_the_text_is_held_against_what_was_found(self, imported):
        made = imported(
            """
            Three experts answer two questions.

            #1 Who?

            Ana Ruiz: I.

            Bo Li: I.

            #2 Why?

            Ruiz: So.

            Li: So.
            """
        )
        assert made.codes == ["count-differs"]
        assert "3 experts, 2 were found" in made.findings.found[0].message


class TestModerators:
    def test_a_turn_whose_only_question_is_a_stage_direction_asks_nothing(self, imported):
        made = imported(
            f"""
            Ada Holm: What is a gate for?

            Bo Li: For closing.

            Ada Holm: {"So it is said on every river and in every town. " * 15}

            [Is this on?]

            Bo Li: It is.

            Ada Holm: And who closes it?

            Bo Li: I do.
            """
        )
        assert made.answers[0][0] == ("Bo Li", ["For closing."])
        assert made.answers[-1][-1] == ("Bo Li", ["I do."])

    def test_who_is_named_in_the_byline_asks(self, imported):
        made = imported(
            """
            By Ada Holm

            Bo Li keeps the gate.

            Ada Holm: What is a gate for?

            Bo Li: For closing.

            Holm: And who closes it?

            Li: I do.
            """
        )
        assert made.questions == ["What is a gate for?", "And who closes it?"]
        assert made.names == ["Bo Li"]

    def test_who_presents_the_others_asks_and_does_not_answer(self, imported):
        made = imported(
            """
            A Discussion of the Buoy Initiative

            Available Downloads

            Recorded on November 3, 2031.

            Jon A. Lewin: Names first.

            Anna Neuberg, deputy assistant secretary for buoys.

            David Kohl – he painted half of them.

            Jamila Akande Ade: Red ones.

            Dr. Lewin: She says that as head of the Buoy Unit – take it seriously.

            Ms. Neuberg: Green is coming back.
            """
        )
        assert [(n, d) for n, d, _, _ in made.experts] == [
            ("Anna Neuberg", "deputy assistant secretary for buoys"),
            ("David Kohl", ""),
            ("Jamila Akande Ade", "head of the Buoy Unit"),
        ]
        assert [person.name for person in made.draft.moderators] == ["Jon A. Lewin"]
        assert [who for who, _ in made.answers[0]] == [
            "Jon A. Lewin", "Jamila Akande Ade", "Jon A. Lewin", "Anna Neuberg",
        ]  # fmt: skip
        assert made.draft.date == "2031-11-03"
        assert made.skipped == ["Available Downloads"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "says"),
        [
            (
                "Interview: Sind Hafenurteile glaubwürdig?\n\nIm Hafen brennt nur eine Lampe. "
                "Herr Moor, wer zündet sie an? Meistens ich. Und wenn es regnet? Dann liest man.\n",
                "nobody is found who speaks",
            ),
            (
                "About\n- Thomas Whitt Professor of Harbours\nVoting History\n"
                "Question A: A lock would help.\nVote | Certainty |\n---|---|\nUncertain |\n2 |\n"
                "Question B: A bridge would.\nDisagree 5\n",
                "nobody is found who speaks",
            ),
            (
                "".join(
                    f"the gate was shut line {n}        and nobody went there {n}\n"
                    for n in range(9)
                ),
                "two columns side by side: 9 of 9 lines",
            ),
        ],
        ids=["prose", "votes", "columns"],
    )
    def test_what_is_no_roundtable_is_refused_with_the_evidence(self, imported, text, says):
        with pytest.raises(Problems) as caught:
            imported(text)
        (problem,) = caught.value.diagnostics
        assert problem.code == "not-a-roundtable"
        assert says in problem.message
