"""The declarations of all modules: their shape, the loader, and facts recorded from Kamailio 5.6.3."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sroute.modules import declared
from sroute.modules.declared import FOLDER, EventRouteFact, FunctionFact, ParamFact, VariableFact
from tools.declare import kept

VERSIONS = ("5.6.3", "5.7.0", "5.8.1", "6.0.0", "6.1.0", "6.2.0")
DEVELOPMENT = VERSIONS[-1]
KINDS = ("functions", "params", "variables", "transformations", "rpc", "event_routes", "selects")
ROUTE_KINDS = {"any", "request", "failure", "tm_onreply", "branch", "onsend", "error", "local", "core_onreply", "branch_failure", "event"}
PARAM_TYPES = {"int", "str", "string"}


def function(module: str, name: str, arity: int) -> FunctionFact:
    found = declared.load(module)
    assert found
    (fact,) = [f for f in found.functions if f.name == name and arity in f.arity]
    return fact


def test_names_are_the_files() -> None:
    known = {name for version in VERSIONS for name in declared.names(version)}
    assert known == {path.stem for path in FOLDER.glob("*.json")} - {"index", "core"}


def test_unknown_module() -> None:
    assert declared.load("nope") is None
    assert declared.load("../declared/tm") is None
    assert declared.load("index") is None


@pytest.mark.parametrize("name", declared.names())
def test_shape(name: str) -> None:
    found = declared.load(name)
    assert found
    assert found.name == name
    assert found.package.startswith("kamailio")
    for function in found.functions:
        assert set(function.routes) <= ROUTE_KINDS
        assert function.arity == tuple(sorted(set(function.arity)))
        assert all(0 <= count <= 6 for count in function.arity)
    for param in found.params:
        assert param.types
        assert set(param.types) <= PARAM_TYPES


@pytest.mark.parametrize("version", VERSIONS)
def test_one_fact_for_a_name(version: str) -> None:
    for name in declared.names(version):
        found = declared.load(name, version)
        assert found
        calls = [(f.name, count) for f in found.functions for count in f.arity]
        assert len(calls) == len(set(calls))
        for kind in ("params", "variables", "transformations", "rpc", "event_routes"):
            names = [fact.name for fact in getattr(found, kind)]
            assert names == sorted(set(names))


@pytest.mark.parametrize("kind", KINDS)
def test_index_agrees_with_the_modules(kind: declared.Kind) -> None:
    found: dict[str, set[str]] = {}
    for version in (VERSIONS[0], DEVELOPMENT):
        for name in [*declared.names(version), declared.CORE]:
            module = declared.load(name, version)
            for fact in getattr(module, kind) if module else ():
                found.setdefault(fact if isinstance(fact, str) else fact.name, set()).add(name)
    assert {name: set(declared.offering(kind, name)) for name in declared.named(kind)} == found


def test_index_answers_for_a_missing_module() -> None:
    assert declared.offering("functions", "remove_hf") == ("textops",)
    assert declared.offering("variables", "sht") == ("htable",)
    assert declared.offering("functions", "no_such_function") == ()
    assert "ds_select_dst" in declared.named("functions")


def test_functions_recorded() -> None:
    assert function("maxfwd", "mf_process_maxfwd_header", 1) == FunctionFact("mf_process_maxfwd_header", (1,), ("request",))
    assert function("xlog", "xlog", 2) == FunctionFact("xlog", (1, 2, 3), ("any",), constant=True)
    assert function("sl", "sl_send_reply", 2).routes == ("request",)
    assert function("tm", "t_relay", 0).constant is False
    assert function("tm", "t_relay", 2).constant is True
    assert function("tm", "t_drop_replies", 1).routes == ("failure",)
    assert function("lcr", "load_gws", 5).arity == (0, 1, 2, 3, 4, 5, 6)


def test_route_kinds() -> None:
    relay = function("tm", "t_relay", 0)
    assert relay.allowed_in("request")
    assert relay.allowed_in("failure")
    assert not relay.allowed_in("core_onreply")
    assert function("xlog", "xlog", 1).allowed_in("onsend")


def test_params_recorded() -> None:
    tm, htable, ss7 = declared.load("tm"), declared.load("htable"), declared.load("ss7ops")
    assert tm
    assert htable
    assert ss7
    assert ParamFact("fr_timer", ("int",)) in tm.params
    assert ParamFact("htable", ("string",), call=True) in htable.params
    assert ss7.param_name == "ss7"
    both = next(p for p in tm.params if p.name == "fr_timer")
    assert both.takes_number
    assert not both.takes_text


def test_variables_recorded() -> None:
    pv, tmx = declared.load("pv"), declared.load("tmx")
    assert pv
    assert tmx
    found = {v.name: v for v in (*pv.variables, *tmx.variables)}
    assert found["ru"] == VariableFact("ru", writable=True)
    assert found["hdr"] == VariableFact("hdr", inner=True, index=True)
    assert found["ai"] == VariableFact("ai", index=True)
    assert found["T_reply_code"] == VariableFact("T_reply_code")
    assert not found["ct"].index


def test_transformations_recorded() -> None:
    pv = declared.load("pv")
    assert pv
    found = {t.name: t.members for t in pv.transformations}
    assert set(found) == {"s", "uri", "param", "nameaddr", "tobody", "line", "urialias"}
    assert {"len", "int", "substr", "sha512"} <= set(found["s"])


def test_rpc_and_events_recorded() -> None:
    htable, tm = declared.load("htable"), declared.load("tm")
    assert htable
    assert tm
    arrays = {r.name: r.array for r in htable.rpc}
    assert arrays["htable.dump"]
    assert not arrays["htable.get"]
    assert EventRouteFact("htable:mod-init") in htable.event_routes
    assert any(e.matches("htable:expired:ipban") for e in htable.event_routes)
    assert not any(e.matches("tm:nope") for e in tm.event_routes)


def test_needs_recorded() -> None:
    registrar, tmx, htable = declared.load("registrar"), declared.load("tmx"), declared.load("htable")
    assert registrar
    assert tmx
    assert htable
    assert registrar.needs == (("sl",), ("usrloc", "ims_usrloc_scscf", "p_usrloc"))
    assert tmx.needs == (("tm",),)
    assert htable.needs == ()


@pytest.mark.parametrize("name", declared.names())
def test_needs_are_modules(name: str) -> None:
    found = declared.load(name)
    assert found
    for group in found.needs:
        assert group
        assert set(group) <= set(declared.names()) - {name}


def test_versions() -> None:
    assert "math" not in declared.names()
    assert declared.load("math") is None
    assert declared.load("math", "5.7.0") == declared.Declared("math", "math", "", complete=False, since="5.7")
    assert "app_sqlang" in declared.names("5.7.2")
    assert declared.load("app_sqlang", "5.8.0") is None


def test_newer_names_stay_out_of_the_baseline() -> None:
    old, new = declared.load("pv"), declared.load("pv", DEVELOPMENT)
    assert old
    assert new
    assert "xavp_lshift" not in {f.name for f in old.functions}
    assert FunctionFact("xavp_lshift", (2,), since="5.7") in new.functions
    assert "ctu" not in {v.name for v in old.variables}
    assert VariableFact("ctu", since="6.0") in new.variables
    members = {t.name: t.members for t in new.transformations}
    assert {"rmhdws", "len"} <= set(members["s"])
    assert "val" in members
    assert "rmhdws" not in next(t for t in old.transformations if t.name == "s").members


def test_a_rule_that_newer_versions_dropped() -> None:
    assert function("sl", "sl_reply", 2).constant
    new = declared.load("sl", "6.1.0")
    assert new
    assert not next(f for f in new.functions if f.name == "sl_reply").constant


def test_unknown_arity_takes_any_count() -> None:
    new = declared.load("uac", DEVELOPMENT)
    assert new
    assert next(f for f in new.functions if f.name == "uac_reg_send_register").takes(3)
    assert not function("tm", "t_relay", 0).takes(1)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda p: p.stem)
def test_files_are_small_and_plain(path: Path) -> None:
    text = path.read_text(encoding="ascii")
    assert json.loads(text)
    assert path.name == "index.json" or len(text) < 40_000


def test_what_was_found_by_trying_is_carried_over() -> None:
    dialog = declared.load("dialog")
    assert dialog is not None
    read = replace(
        dialog,
        demands=(),
        functions=tuple(replace(fact, args=()) for fact in dialog.functions),
        variables=tuple(replace(fact, names=()) for fact in dialog.variables),
    )
    again = kept.keep(read)
    assert again.demands == dialog.demands
    assert again.variables == dialog.variables

    def kinds(module: declared.Declared) -> dict[tuple[str, int], tuple[str, ...]]:
        return {(fact.name, count): fact.args[:count] for fact in module.functions for count in fact.arity}

    assert kinds(again) == kinds(dialog)
