"""What an admin sees who writes a mapping file: it works, or every line that is wrong is named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mappings.findings import MappingError
from mappings.loader import load, load_text
from mappings.playbook import Playbook


def complaints(text: str, **env: str) -> list[str]:
    with pytest.raises(MappingError) as caught:
        load_text(text, crm="hubspot", env=env, name="hubspot.yaml")
    return [str(finding) for finding in caught.value.findings]


def test_an_empty_file_is_the_default(crm: str) -> None:
    loaded = load_text("", crm=crm)
    assert loaded.programme.crm == crm
    assert [*loaded.programme.books] == ["standard"]
    assert len(loaded.programme.roles) == 8
    assert not loaded.spot(("customer", "value")).own


def test_maps_merge_and_lists_replace() -> None:
    text = """
customer: {value: arr, more: {tier: tier}}
alumni: [{segment: all, list: Everybody}]
roles:
  support: {user: help@vendor.example}
"""
    programme = load_text(text, crm="hubspot").programme
    assert programme.customer.value == "arr"
    assert programme.customer.name == "name"
    assert {"plan", "tier"} <= programme.customer.more.keys()
    assert [segment.list for segment in programme.alumni] == ["Everybody"]
    support = programme.roles["support"].seats
    assert [(seat.user, seat.queue, seat.role) for seat in support] == [
        ("help@vendor.example", None, None),
        (None, "Support", None),
        (None, None, "customer_success"),
    ]


def test_off_takes_things_out() -> None:
    text = """
customer: {contract_end: off, more: {plan: off}}
fields: {customer: {door_open: off, next_step: ~}}
survey: {send: {reminder_after: off}}
"""
    programme = load_text(text, crm="hubspot").programme
    assert programme.customer.contract_end is None
    assert programme.customer.more["plan"] is None
    assert programme.fields.customer["door_open"].field is None
    assert programme.fields.customer["next_step"].field is None
    assert programme.survey.send.reminder_after is None


def test_words_stay_words() -> None:
    text = """
customer: {more: {answer: "off"}}
time: {hours: {from: 08:30, to: 17:00}}
playbooks:
  - {use: standard, when: {country: [NO, DE], plan: 007}}
  - {use: standard}
"""
    programme = load_text(text, crm="hubspot").programme
    assert programme.customer.more["answer"] == "off"
    assert (programme.time.hours.start, programme.time.hours.end) == ("08:30", "17:00")
    when = programme.playbooks[0].when
    assert when["country"].is_ == ("NO", "DE")
    assert when["plan"].is_ == ("007",)


def test_one_of_our_fields_may_stand_elsewhere() -> None:
    text = """
fields:
  customer:
    exit_reason: churn_reason
    reason_csm: {values: {price: Too expensive}, write: if_empty}
"""
    fields = load_text(text, crm="hubspot").programme.fields.customer
    assert fields["exit_reason"].field == "churn_reason"
    assert fields["reason_csm"].field == "aurevoir_reason_csm"
    assert fields["reason_csm"].values == {"price": "Too expensive"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            "survey: {sned: {}}",
            'hubspot.yaml:1: survey.sned: unknown key; did you mean "send"?',
        ),
        (
            "\nsurvey:\n  send:\n    after: 1 dya",
            "hubspot.yaml:4: survey.send.after: '1 dya' is no length of time; "
            "write 10 minutes or 5 business days",
        ),
        (
            "survey: {send: {through: fax}}",
            'hubspot.yaml:1: survey.send.through: "fax" is none of the choices; '
            "known are email, fields, task",
        ),
        (
            "watch:\n  - object: companies\n    enters: {notice: x}",
            "hubspot.yaml:2: watch.0.stage: is needed and not there; add it",
        ),
        (
            "watch: [{object: a, stage: b, enters: {notice: x}, settle: 2 business hours}]",
            "hubspot.yaml:1: watch.0.settle: business time does not count here; "
            "write plain minutes, hours or days",
        ),
        ("watch: []", "hubspot.yaml:1: watch: should have at least 1 entry"),
        ("roles: [a]", "hubspot.yaml:1: roles: should be keys and values"),
        ("brake: {cases: -1}", "hubspot.yaml:1: brake.cases: should be at least 0"),
        ("brake: {cases: many}", "hubspot.yaml:1: brake.cases: should be a whole number"),
        (
            "time: {zone: Europe/Berlim}",
            "hubspot.yaml:1: time.zone: 'Europe/Berlim' is no time zone; "
            "write one like Europe/Berlin",
        ),
        (
            "time: {holidays: Narnia}",
            "hubspot.yaml:1: time.holidays: 'Narnia' is no country; write its code, such as DE",
        ),
        (
            "time: {hours: {from: 18:00}}",
            "hubspot.yaml:1: time.hours: a day must end after it starts",
        ),
        (
            "roles: {support: {else: [{queue: a, user: b}]}}",
            "hubspot.yaml:1: roles.support.else.0: say exactly one of "
            "owner_field, user, queue, role",
        ),
        (
            "roles: {support: {no_seat: {via: custmer_success}}}",
            'hubspot.yaml:1: roles.support.no_seat.via: there is no role "custmer_success"; '
            'did you mean "customer_success"?',
        ),
        (
            "roles: {legal: {queue: Legal}}",
            "hubspot.yaml:1: roles.legal: this is no department; for a role of your own, "
            "say `department: NAME`; known are customer_success, sales, support, billing, it, "
            "product, marketing, leadership",
        ),
        (
            "roles: {support: {queue: off, else: [{role: it}]}, it: {else: [{role: support}]}}",
            "hubspot.yaml:1: roles.support: these roles hand on to each other in a circle: "
            "support > it > support; end it with a user or a queue",
        ),
        (
            "roles: {billing: off}",
            "hubspot.yaml:1: roles.billing: this role still has steps: check_contract, "
            "final_invoice; give it `no_seat: {via: ROLE}`, or set those steps to off",
        ),
        (
            "roles: {biling: off}",
            'hubspot.yaml:1: roles.biling: there is no role "biling" to take out; '
            'did you mean "billing"?',
        ),
        (
            "brake: {cases: !!int many}",
            "hubspot.yaml:1: brake.cases: the tag tag:yaml.org,2002:int is not used here",
        ),
        (
            "playbooks: [{use: standrad}]",
            'hubspot.yaml:1: playbooks.0.use: there is no playbook "standrad"; '
            'did you mean "standard"?',
        ),
        (
            "playbooks: [{use: farewell}]",
            'hubspot.yaml:1: playbooks.0.use: there is no playbook "farewell"; known are '
            "child, consumer, enterprise, small_business, standard; "
            "write it to playbooks/farewell.yaml, next to the mapping file",
        ),
        (
            "survey: {use: shorter}",
            'hubspot.yaml:1: survey.use: there is no survey "shorter"; known are exit; '
            "write it to surveys/shorter.yaml, next to the mapping file",
        ),
        (
            "playbooks: [{use: standard, when: {contry: DE}}]",
            'hubspot.yaml:1: playbooks.0.when.contry: there is no fact "contry"; '
            'did you mean "country"?',
        ),
        (
            "playbooks: [{use: standard, when: {reason: [pric]}}]",
            'hubspot.yaml:1: playbooks.0.when.reason: there is no reason "pric"; '
            'did you mean "price"?',
        ),
        (
            "evidence: [{reason: pric, when: {value: {at_most: 9}}}]",
            'hubspot.yaml:1: evidence.0.reason: there is no reason "pric"; did you mean "price"?',
        ),
        (
            "evidence: [{reason: price}]",
            "hubspot.yaml:1: evidence.0.when: is needed and not there; add it",
        ),
        (
            "evidence: [{reason: price, when: {reason_csm: price}}]",
            'hubspot.yaml:1: evidence.0.when.reason_csm: "reason_csm" is no fact of the customer; '
            "known are contract_end, country, language, mrr, name, open_tickets, plan, "
            "private_person, seats, stage, usage_30_days, value",
        ),
        (
            "feedback: {routes: [{when: {reason: price}, role: seles}]}",
            'hubspot.yaml:1: feedback.routes.0.role: there is no role "seles"; '
            'did you mean "sales"?',
        ),
        (
            "feedback: {routes: [{when: {reasn: price}, role: sales}]}",
            'hubspot.yaml:1: feedback.routes.0.when.reasn: there is no fact "reasn"; '
            'did you mean "reason"?',
        ),
        (
            "feedback: {routes: [{when: {reason: pric}, role: sales}]}",
            'hubspot.yaml:1: feedback.routes.0.when.reason: there is no reason "pric"; '
            'did you mean "price"?',
        ),
        (
            "feedback: {routes: [{role: sales, as: mail}]}",
            'hubspot.yaml:1: feedback.routes.0.as: "mail" is none of the choices; '
            "known are task, note",
        ),
        (
            "feedback: {digest: {roles: [product], day: monday}}",
            'hubspot.yaml:1: feedback.digest.day: "monday" is none of the choices; '
            'did you mean "mon"?',
        ),
        (
            "feedback: {digest: {roles: []}}",
            "hubspot.yaml:1: feedback.digest.roles: should have at least 1 entry",
        ),
        (
            f"roles: {{{'r' * 40}: {{department: sales}}}}\n"
            f"feedback: {{digest: {{roles: [{'r' * 40}]}}}}",
            "hubspot.yaml:2: feedback.digest.roles.0: this name has 40 characters; "
            "31 fit into a task's key",
        ),
        (
            "alumni: [{segment: a, list: A}, {segment: b, list: A}]",
            'hubspot.yaml:1: alumni.1.list: "A" is there twice; give each segment its own',
        ),
        (
            "fields: {customer: {exit_reson: x}}",
            "hubspot.yaml:1: fields.customer.exit_reson: there is no customer field "
            '"exit_reson"; did you mean "exit_reason"?',
        ),
        (
            "fields: {customer: {exit_reason: {values: {pric: P}}}}",
            "hubspot.yaml:1: fields.customer.exit_reason.values.pric: exit_reason has no choice "
            '"pric"; did you mean "price"?',
        ),
        (
            "fields: {customer: {decision: aurevoir_status}}",
            'hubspot.yaml:1: fields.customer.decision: "aurevoir_status" is taken by status; '
            "two cannot share a field",
        ),
        (
            "watch: [{object: a, stage: b, enters: {notice: [x]}, returns: [x]}]",
            'hubspot.yaml:1: watch.0.returns: "x" cannot mean both leaving and coming back; '
            "keep it in one of them",
        ),
        (
            "watch: [{object: a, stage: b, enters: {}}]",
            "hubspot.yaml:1: watch.0.enters: no value opens a case; "
            "write one under notice or leaving",
        ),
        (
            "watch: [{object: a, stage: aurevoir_status, enters: {notice: x}}]",
            "hubspot.yaml:1: watch.0.stage: the watched field is never written, but "
            '"status" stands in it too; choose another field for one of them',
        ),
        (
            "watch:\n- {object: a, stage: b, enters: {notice: x}}\n"
            "- {object: a, stage: c, enters: {notice: x}}",
            'hubspot.yaml:3: watch.1.object: "a" is watched twice; '
            "put all its values into one entry",
        ),
        (
            "books: {}",
            "hubspot.yaml:1: books: unknown key; playbooks are named under playbooks",
        ),
        (
            "crm: salesforce",
            "hubspot.yaml:1: crm: this mapping is used with hubspot; use one that is made for it",
        ),
        (
            "brake: {cases: 1}\n\nbrake: {cases: 2}",
            "hubspot.yaml:3: brake: this key is already there on line 1; keep one of them",
        ),
        (
            "customer: {name: '${COMPANY}'}",
            "hubspot.yaml:1: customer.name: the environment variable COMPANY is not set; set it",
        ),
        (
            "customer: {name: !!python/name:os.system x}",
            "hubspot.yaml:1: customer.name: the tag tag:yaml.org,2002:python/name:os.system "
            "is not used here",
        ),
        (
            "watch:\n\t- object: companies",
            "hubspot.yaml:2: a tab indents this line, and YAML takes spaces only; use those",
        ),
        (
            "? [a]\n: b",
            "hubspot.yaml:1: a key must be a word",
        ),
        (
            "record: report",
            'hubspot.yaml:1: record: "report" is none of the choices; known are note, object',
        ),
        (
            "record: {as: note, else: note}",
            "hubspot.yaml:1: record.else: notes are in every edition; take `else` out, or say "
            "`as: object`",
        ),
        (
            "record: object\nwatch:\n  - {object: deals, stage: dealstage, enters: {leaving: [x]}}",
            "hubspot.yaml:3: watch.0.object: an object of its own keeps the departures of "
            "companies "
            'and contacts, and not of "deals"; say `record: note`',
        ),
        (
            "- a",
            "hubspot.yaml:1: a mapping file is keys and values; write `key: …`",
        ),
        (
            "a: b\nc: &x d\ne: *x",
            "hubspot.yaml:3: aliases (*name) are not used here; write the value again",
        ),
        (
            "a: " + "[" * 30 + "]" * 30,
            "hubspot.yaml:1: this is nested more than 24 levels deep",
        ),
        (
            "a: \x07",
            "hubspot.yaml:1: there is a character here that YAML does not allow; take it out",
        ),
    ],
)
def test_a_complaint_says_where_and_what_and_how_to_mend_it(text: str, complaint: str) -> None:
    assert complaints(text) == [complaint]


def test_what_is_no_yaml_is_said_with_its_line() -> None:
    (complaint,) = complaints("survey:\n  use: exit\n bad: 1\n")
    assert complaint.startswith("hubspot.yaml:3: this is not YAML: ")


def test_a_file_of_a_million_characters_is_refused() -> None:
    (complaint,) = complaints("#" * 1_000_001)
    assert "larger than 1,000,000 characters" in complaint


def test_everything_is_said_at_once() -> None:
    text = """
customer: {nam: x}
roles: {sales: {owner: y}}
time: {hours: {days: [monday]}}
time: {}
survey: {send: {after: "${DELAY}"}}
playbooks: [{use: nowhere, wen: {}}]
"""
    assert [line.split(": ")[1] for line in complaints(text)] == [
        "customer.nam",
        "roles.sales.owner",
        "time",
        "survey.send.after",
        "playbooks.0.use",
        "playbooks.0.wen",
    ]


def test_the_environment_is_what_was_passed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "FIELD", "from_the_process")
    programme = load_text(
        "customer: {country: 'x_${FIELD}'}", crm="hubspot", env={"FIELD": "given"}
    ).programme
    assert programme.customer.country == "x_given"
    assert "FIELD is not set" in complaints("customer: {country: '${FIELD}'}")[0]


def test_an_unknown_crm_is_refused() -> None:
    with pytest.raises(MappingError, match=r'"hubpsot" is no CRM .* did you mean "hubspot"'):
        load_text("", crm="hubpsot")


def test_a_playbook_of_ones_own_lies_over_another(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "light.yaml").write_text(
        """
extends: standard
gates: {reason: {after: 2 business days}}
steps:
  rescue_plan: off
  thank_you: {due: departs + 1 business day}
  cake: {phase: alumni, role: marketing, task: "Send cake to {{ customer.name }}", due: departs}
"""
    )
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("playbooks: [{use: light, when: {plan: small}}, {use: standard}]")
    loaded = load(mapping, crm="hubspot")
    light, standard = loaded.programme.books["light"], loaded.programme.books["standard"]
    assert light.name == "light"
    assert light.steps.keys() ^ standard.steps.keys() == {"rescue_plan", "cake"}
    assert str(light.steps["thank_you"].due) == "departs + 1 business day"
    assert light.steps["thank_you"].task == standard.steps["thank_you"].task
    assert str(light.gates.reason.after) == "2 business days"
    assert light.gates.decision == standard.gates.decision
    spot = loaded.spot(("books", "light", "steps", "thank_you", "due"))
    assert (spot.file, spot.line, spot.own) == (
        str(tmp_path / "playbooks" / "light.yaml"),
        6,
        True,
    )
    assert not loaded.spot(("books", "light", "steps", "thank_you", "task")).own


def test_a_step_that_is_taken_out_must_be_there(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("extends: standard\nsteps:\n  thank_yuo: off")
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("playbooks: [{use: mine.yaml}]")
    words = 'mine.yaml:3: steps.thank_yuo: there is no step "thank_yuo" to take out; did you mean'
    with pytest.raises(MappingError, match=words):
        load(mapping, crm="hubspot")


def test_a_playbook_may_extend_the_built_in_one_of_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "playbooks").mkdir()
    (tmp_path / "playbooks" / "standard.yaml").write_text(
        "extends: standard\nsteps: {thank_you: off}"
    )
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("")
    assert "thank_you" not in load(mapping, crm="hubspot").programme.books["standard"].steps


def test_playbooks_that_extend_each_other_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("extends: b.yaml\nsteps: {}")
    (tmp_path / "b.yaml").write_text("extends: a.yaml\nsteps: {}")
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("playbooks: [{use: a.yaml}]")
    with pytest.raises(MappingError, match=r'b.yaml:1: extends: there is no playbook "a.yaml"'):
        load(mapping, crm="hubspot")


@pytest.mark.parametrize(
    ("step", "complaint"),
    [
        (
            "task: Hello {{ custmer.name }}",
            ':6: steps.call.task: there is no "custmer" here; did you mean "customer"?',
        ),
        (
            "task: x\n    script: |\n      One\n      Two {{ customer.nmae }}",
            ':9: steps.call.script: customer has no "nmae"; did you mean "name"?',
        ),
        (
            "task: x\n    script: |\n      {% for a in b %}{% endfor %}",
            ":8: steps.call.script: a text prints facts and chooses with if; it does nothing else",
        ),
        ("task: x\n    role: suport", 'there is no role "suport"; did you mean "support"?'),
        (
            "task: x\n    after: [cal]",
            ':7: steps.call.after: there is no step "cal"; did you mean "call"?',
        ),
        (
            "task: x\n    after: [call]",
            ":7: steps.call.after: these steps wait for each other: call > call; "
            "take one `after` out",
        ),
        (
            "task: x\n    was: [ring, call]",
            ':7: steps.call.was: "call" is still a step; set it to off, or take it out of `was`',
        ),
        ("task: x\n    only_if: {decision: keep}", 'there is no decision "keep"'),
        (
            "task: x\n    due: departure - 1 day",
            '"departure - 1 day" is no due date; write one of opened, leaving, departs',
        ),
        ("task: x\n    due: departs by 1 day", "is no due date; write one of opened, leaving"),
        (
            "task: x\n    due: cal + 1 day",
            ':7: steps.call.due: "cal + 1 day" is no due date; write one of opened, leaving, '
            'departs, contract_end, saved, returned, or the name of a step; did you mean "call"?',
        ),
        (
            "task: x\n    due: call + 1 day",
            ":7: steps.call.due: these steps are dated by each other: call > call; "
            "date one of them by the case",
        ),
        ("task: x\n    appears: cal - 1 day", ':7: steps.call.appears: "cal - 1 day" is no due'),
    ],
)
def test_a_fault_in_a_playbook_has_the_line_of_that_file(
    tmp_path: Path, step: str, complaint: str
) -> None:
    (tmp_path / "mine.yaml").write_text(
        "steps:\n  call:\n    phase: notice\n"
        + ("    role: support\n" if "role:" not in step else "    promise: true\n")
        + ("    due: opened\n" if "due:" not in step else "    required: true\n")
        + f"    {step}\n"
    )
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("playbooks: [{use: mine.yaml}]")
    with pytest.raises(MappingError) as caught:
        load(mapping, crm="hubspot")
    (finding,) = caught.value.findings
    assert finding.file == str(tmp_path / "mine.yaml")
    assert complaint in str(finding)


def test_the_longest_name_of_a_step_fits_into_a_key_of_80_characters(tmp_path: Path) -> None:
    def steps(name: str) -> None:
        text = f"steps: {{{name}: {{phase: notice, role: it, task: x, due: opened}}}}"
        (tmp_path / "mine.yaml").write_text(text)

    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("playbooks: [{use: mine.yaml}]")
    longest = "s" * 38
    assert len(f"{'c' * 16}:{longest}:{'t' * 20}:999") == 80
    steps(longest)
    load(mapping, crm="hubspot")
    steps(longest + "s")
    with pytest.raises(MappingError, match="39 characters; 38 fit into the task's key"):
        load(mapping, crm="hubspot")
    steps("Call-1")
    with pytest.raises(MappingError, match="small letters, digits and _"):
        load(mapping, crm="hubspot")


def test_a_task_text_may_use_the_facts_that_the_admin_named(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "steps: {a: {phase: notice, role: it, task: '{{ customer.tier }}', due: opened}}"
    )
    mapping = tmp_path / "hubspot.yaml"
    mapping.write_text("playbooks: [{use: mine.yaml}]\ncustomer: {more: {tier: tier__c}}")
    book = load(mapping, crm="hubspot").programme.books["mine.yaml"]
    assert Playbook.model_validate_json(book.model_dump_json(by_alias=True)) == book
    mapping.write_text("playbooks: [{use: mine.yaml}]")
    with pytest.raises(MappingError, match='customer has no "tier"'):
        load(mapping, crm="hubspot")


def test_a_mapping_file_with_another_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "hubspot.yaml").write_text("")
    with pytest.raises(MappingError, match=r'a mapping; did you mean "hubspot\.yaml"'):
        load(tmp_path / "hubspt.yaml", crm="hubspot")


def test_a_variable_that_is_empty_is_as_good_as_none() -> None:
    with pytest.raises(MappingError, match="the environment variable COMPANY is empty; set it"):
        load_text("customer: {name: '${COMPANY}'}", crm="hubspot", env={"COMPANY": ""})


def test_a_default_that_no_longer_fits_is_explained() -> None:
    (complaint,) = complaints("roles: {customer_success: off, sales: {else: []}}")[:1]
    assert complaint.startswith("hubspot.yaml:1: ")
    assert "customer_success" in complaint


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "there is no such file; aurevoir.yaml names it as a mapping"),
        (b"\xff\xfe\x00", "is not text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    mapping = tmp_path / "hubspot.yaml"
    if content is not None:
        mapping.write_bytes(content)
    with pytest.raises(MappingError, match=complaint):
        load(mapping, crm="hubspot")


def test_the_version_follows_the_meaning_and_nothing_else() -> None:
    def version(text: str) -> str:
        return load_text(text, crm="hubspot").programme.version

    assert version("") == version("# a comment\nbrake: {cases: 25}\n")
    assert version("") != version("brake: {cases: 26}")
    assert version("") != load_text("", crm="salesforce").programme.version
