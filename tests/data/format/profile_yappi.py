"""profile_yappi.py SCRIPT FOLDER: runs SCRIPT under yappi, and saves in FOLDER its own `a.pstat`, and
its rows as `label.csv` and `columns.csv`, the two headers in use, and by thread as `threads.csv`."""

import csv
import os
import runpy
import sys

import yappi

script, folder = sys.argv[1:]
yappi.set_clock_type("wall")
yappi.start(builtins=True)
runpy.run_path(script)
yappi.stop()


def calls(row):
    return f"{row.ncall}/{row.nactualcall}" if row.is_recursive() else row.ncall


def save(name, header, rows):
    with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(rows)


rows = yappi.get_func_stats()
rows.save(os.path.join(folder, "a.pstat"), "pstat")
rows.save(os.path.join(folder, "a.callgrind"), "callgrind")
save(
    "label.csv",
    ["name", "ncall", "tsub", "ttot", "tavg"],
    [[row.full_name, calls(row), row.tsub, row.ttot, row.tavg] for row in rows],
)
columns = "full_name,module,lineno,name,ncall,nactualcall,ttot_s,tsub_s,tavg_s,ctx_name".split(",")
save(
    "columns.csv",
    columns,
    [[getattr(row, column.replace("_s", "")) for column in columns] for row in rows],
)
save(
    "threads.csv",
    ["thread_id", "thread_name", "name", "ncall", "tsub", "ttot", "tavg"],
    [
        [thread.id, thread.name, row.full_name, calls(row), row.tsub, row.ttot, row.tavg]
        for thread in yappi.get_thread_stats()
        for row in yappi.get_func_stats(filter={"ctx_id": thread.id})  # `ctx_id=0` is all threads
    ],
)
