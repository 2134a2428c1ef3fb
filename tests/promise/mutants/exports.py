"""Bugs in exports: a row that is left out or told twice, a number that nobody may see."""

from __future__ import annotations

from tests.promise.mutants.mutant import Mutant

_TESTS = "tests/contract/test_exports.py"
_REST = "tests/web/api/test_exports.py"
_FOLDER = "tests/cli/test_export_folder.py"
_CLI = "tests/cli/test_export.py"
_ASKED = (
    "    if (query.numbers or query.evidence) and ApiScope.NUMBERS_READ not in caller.scopes:\n"
)
_ARRANGED = "tests/contract/test_arranged_exports.py"
_SCHEDULED = "tests/contract/test_export_schedules.py"
_MANAGED = "usecases/bulk/exports/manage_schedules.py"
_RUN = "usecases/bulk/exports/run_schedule.py"
_LINES = "web/exports/export_lines.py"
_YES = "tests/properties/test_exported_yes.py"

EXPORTS = (
    Mutant(
        name="a row at the boundary of two pages of an export is dropped",
        path="usecases/bulk/exports/export_business.py",
        old="    return ExportPage(rows, str(rows[-1].position) if rows else None)\n",
        new="    return ExportPage(rows, str(rows[-1].position + 1) if rows else None)\n",
        tests=(f"{_TESTS}::test_a_ledger_is_exported_as_the_api_tells_its_events[sqlite]",),
    ),
    Mutant(
        name="names of erased people are no part of the suppressions",
        path="usecases/bulk/exports/export_business.py",
        old="    return ExportPage(erased, erased[-1].lookup if erased else None)\n",
        new="    return ExportPage((), erased[-1].lookup if erased else None)\n",
        tests=(f"{_TESTS}::test_whoever_may_not_be_written_to_is_listed_and_nobody_else[sqlite]",),
    ),
    Mutant(
        name="who stopped with Meta's own switch is no part of the suppressions",
        path="domain/bulk/export.py",
        old="        standing.native_stops\n        or standing.doubt\n",
        new="        standing.doubt\n",
        tests=(f"{_TESTS}::test_whoever_may_not_be_written_to_is_listed_and_nobody_else[sqlite]",),
    ),
    Mutant(
        name="numbers are exported to whoever may export",
        path="web/api/bulk/exports.py",
        old=_ASKED,
        new="    if query.evidence and ApiScope.NUMBERS_READ not in caller.scopes:\n",
        tests=(f"{_REST}::test_numbers_and_what_may_hold_them_need_the_scope[numbers]",),
    ),
    Mutant(
        name="evidence is exported to whoever may not see numbers",
        path="web/api/bulk/exports.py",
        old=_ASKED,
        new="    if query.numbers and ApiScope.NUMBERS_READ not in caller.scopes:\n",
        tests=(f"{_REST}::test_numbers_and_what_may_hold_them_need_the_scope[evidence]",),
    ),
    Mutant(
        name="what somebody typed breaks a line of an export",
        path=_LINES,
        old="        text = text.replace(mark, escaped)\n",
        new="        text = text.replace(escaped, mark)\n",
        tests=(f"{_TESTS}::test_whatever_somebody_typed_stays_in_its_line_and_comes_back[sqlite]",),
    ),
    Mutant(
        name="an export has its name before it is whole",
        path="bootstrap/commands/export_commands.py",
        old='        draft = place.with_name(place.name + ".part")\n',
        new="        draft = place\n",
        tests=(f"{_CLI}::test_an_export_that_is_killed_has_no_file_of_the_name",),
    ),
    Mutant(
        name="an export in a folder goes on behind its oldest file",
        path="bootstrap/commands/export_folder.py",
        old="    return max(found, key=",
        new="    return min(found, key=",
        tests=(f"{_FOLDER}::test_each_run_adds_what_is_new_and_nothing_twice",),
    ),
    Mutant(
        name="two exports write to one folder at once",
        path="bootstrap/commands/export_folder.py",
        old="        _lock(descriptor, folder)\n",
        new="",
        tests=(f"{_FOLDER}::test_two_runs_do_not_write_to_one_folder_at_once",),
    ),
    Mutant(
        name="who may not see numbers leads an export that has them elsewhere",
        path=_MANAGED,
        old="        _check_numbers(one.with_numbers or arranged.with_numbers, ",
        new="        _check_numbers(False, ",
        tests=(
            f"{_ARRANGED}::test_who_may_not_see_numbers_moves_and_runs_none_that_has_them[sqlite]",
        ),
    ),
    Mutant(
        name="a scheduled export goes to what the operator did not name",
        path=_MANAGED,
        old="        _check_destination(services, arranged)\n",
        new="",
        tests=(f"{_ARRANGED}::test_what_cannot_be_changes_nothing[sqlite-wish2-UnknownReference]",),
    ),
    Mutant(
        name="schedules are counted by two at once",
        path="storage/bulk/export_schedules.py",
        old='            yield "lock_export_schedules", (business_id,)\n',
        new="",
        is_quick=False,
        tests=(f"{_ARRANGED}::test_many_at_once_do_not_pass_the_limit[postgres]",),
    ),
    Mutant(
        name="a paused export is written",
        path=_RUN,
        old="schedule is None or schedule.is_paused or services",
        new="schedule is None or services",
        tests=(f"{_ARRANGED}::test_whoever_has_the_task_of_a_paused_one_writes_nothing[sqlite]",),
    ),
    Mutant(
        name="a lease of an export ends while it is written",
        path=_RUN,
        old="            is_kept = await services.export_schedules.keep_at(leased, until)\n",
        new="            _ = until\n",
        is_quick=False,
        tests=(f"{_ARRANGED}::test_a_lease_is_kept_while_the_work_goes_on[sqlite]",),
    ),
    Mutant(
        name="who was overtaken names a file of a scheduled export",
        path="bootstrap/exports/writer.py",
        old="                await check()\n",
        new="",
        tests=(f"{_SCHEDULED}::test_who_was_overtaken_names_no_file[sqlite]",),
    ),
    Mutant(
        name="who said one yes is exported with that of another's time",
        path=_LINES,
        old="_time(yes.at), str(yes.position), ",
        new="_time(_SAMPLE_AT), str(yes.position), ",
        tests=(f"{_YES}::test_a_filled_in_sample_is_the_line_of_the_standing",),
    ),
    Mutant(
        name="what is kept beside one yes is left out of an export",
        path=_LINES,
        old="    if row[2:6] != _PLAIN:\n",
        new="    if row.merged_into is not None:\n",
        tests=(f"{_YES}::test_a_filled_in_sample_is_the_line_of_the_standing",),
    ),
    Mutant(
        name="a yes that is suspended is taken for one in force",
        path="storage/consent/standing_codec.py",
        old=r"([^\xc0]+)\xc2\xc0\x80",
        new=r"([^\xc0]+).\xc0\x80",
        tests=(f"{_YES}::test_whoever_has_anything_else_did_not_say_one_yes",),
    ),
    Mutant(
        name="the first event of each page is exported without its evidence",
        path="storage/bulk/exports.py",
        old="after, events[-1].position)\n",
        new="after + 1, events[-1].position)\n",
        tests=(f"{_TESTS}::test_whatever_somebody_typed_stays_in_its_line_and_comes_back[sqlite]",),
    ),
)
