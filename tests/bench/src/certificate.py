"""What DuckDB makes of certificate.sql on the Parquet files of a pool; arguments: the SQL, the pool."""

import decimal, json, pathlib, sys
import duckdb

sql, pool = pathlib.Path(sys.argv[1]).read_text(), pathlib.Path(sys.argv[2])
out = duckdb.connect()
out.execute("SET enable_progress_bar = false")


def files(table):
    """The files that the table's log has, those aside that it has taken out since."""
    found = {}
    for commit in sorted((pool / "tables" / table / "_delta_log").glob("*.json")):
        for line in commit.read_text().splitlines():
            action = json.loads(line)
            if "add" in action:
                found[action["add"]["path"]] = True
            if "remove" in action:
                found.pop(action["remove"]["path"], None)
    return [str(pool / "tables" / table / it) for it in found]


for table in ("run", "candidate", "match", "unmatched", "price"):
    paths = ", ".join(f"'{it}'" for it in files(table))
    out.execute(f"CREATE TABLE {table} AS SELECT * FROM read_parquet([{paths}], union_by_name = true)")

NEED = "'need'"


def first(table, condition):
    return f"SELECT min(rowid) FROM {table} WHERE run_id = $run AND {condition}"


# What forgers would change; none of it may pass.
FORGERIES = {
    "a match that costs less": f"UPDATE match SET cost = cost - 1 WHERE rowid = ({first('match', 'cost > 0')})",
    "a unit that was forgotten": f"DELETE FROM unmatched WHERE rowid = ({first('unmatched', 'units > 0')})",
    "a need that pays more than its penalty":
        f"UPDATE price SET price = penalty + 1 WHERE rowid = ({first('price', f'level = {NEED}')})",
}


def verdict(run):
    row = out.execute(sql, {"run": run})
    return dict(zip([it[0] for it in row.description], row.fetchone()))


wrong = 0
runs = out.execute("SELECT run_id, objective, dual, certified FROM run ORDER BY run_id").fetchall()
for run, objective, dual, certified in runs:
    found = verdict(run)
    same = (found["objective"], found["dual"], found["certified"]) == (objective, dual, certified)
    print(f"  run {run[:12]}: {found['served']} of {found['demand']} units, objective {found['objective']}, "
          f"gap {found['gap']}, certified {found['certified']}: {'the same verdict' if same else 'ANOTHER VERDICT'}")
    wrong += not same
    for name, change in FORGERIES.items():
        out.execute("BEGIN")
        out.execute(change, {"run": run})
        forged = verdict(run)
        out.execute("ROLLBACK")
        print(f"    {name}: {'refused' if not forged['certified'] else 'LET PASS'}"
              f" ({forged['finding'] or 'a gap of ' + str(forged['gap'])})")
        wrong += bool(forged["certified"])
sys.exit(1 if wrong or not runs else 0)
