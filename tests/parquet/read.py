"""Reads Parquet files with DuckDB, and prints each as one line of JSON: its columns, its rows, its groups of rows."""

import json
import sys

import duckdb


database = duckdb.connect()
for path in sys.argv[1:]:
    columns = database.execute("DESCRIBE SELECT * FROM read_parquet(?)", [path]).fetchall()
    # Times as microseconds since 1970, so that no time zone of this machine has a say.
    selected = ", ".join(
        f"epoch_us({name})" if kind.startswith("TIMESTAMP") else f'"{name}"' for name, kind, *_ in columns
    )
    rows = database.execute(f"SELECT {selected} FROM read_parquet(?)", [path]).fetchall()
    groups = database.execute(
        "SELECT count(DISTINCT row_group_id) FROM parquet_metadata(?)", [path]
    ).fetchone()[0]
    print(
        json.dumps(
            {
                "columns": [[name, kind] for name, kind, *_ in columns],
                "rows": rows,
                "groups": groups,
            }
        )
    )
