"""Three named threads and a pool; what they do is known call by call."""

import concurrent.futures
import threading
import time


def work(times):
    time.sleep(0.1)  # so that the main thread is done first
    for _ in range(times):
        step()


def step():
    return None


threads = [threading.Thread(target=work, args=(n,), name="worker %d" % n) for n in (10, 20, 30)]
for thread in threads:
    thread.start()
pool = concurrent.futures.ThreadPoolExecutor(1, thread_name_prefix="pool")
pool.submit(work, 5)
# Neither the threads nor the pool is waited for: Python itself does so at the end.
