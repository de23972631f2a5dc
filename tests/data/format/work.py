"""A small program to profile: recursion, built-in functions, methods, threads, odd names."""

import threading


class Frame:
    def __init__(self, rows):
        self.rows = list(rows)

    def copy(self):
        return Frame(self.rows)


class Bars(Frame):
    def größe(self):
        return len(self.rows) + sum(row for row in self.rows)


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def main():
    bars = Bars(range(50))
    for _ in range(20):
        bars.copy()
        bars.größe()
    factorial(30)
    even(17)
    sorted([3, 1, 2], key=lambda n: -n)
    [str(n) for n in range(10)]
    thread = threading.Thread(target=factorial, args=(9,), name="worker, 1")
    thread.start()
    thread.join()


main()
