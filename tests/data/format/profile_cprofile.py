"""profile_cprofile.py SCRIPT FOLDER: runs SCRIPT under cProfile, and saves `a.pstat` in FOLDER, also
in every version of marshal, as `a.pstat.0` and so on."""

import cProfile
import marshal
import os
import pstats
import runpy
import sys

script, folder = sys.argv[1:]
profiler = cProfile.Profile()
profiler.runcall(runpy.run_path, script)
path = os.path.join(folder, "a.pstat")
profiler.dump_stats(path)
for version in range(marshal.version + 1):
    with open(f"{path}.{version}", "wb") as file:
        marshal.dump(pstats.Stats(path).stats, file, version)
