"""Real packages at work of a given size: once as they were known to be slow, once as they are not.

    python packages.py sqlparse slow 200
"""

import sys


def compare_strangers(size):
    """Two texts without a common letter: the search for the shortest edit meets everything."""
    return compare(text(size, "a"), text(size, "A"))


def compare_relatives(size):
    return compare(text(size, "a"), text(size, "a") + "A")


def compare(left, right):
    from diff_match_patch import diff_match_patch

    tool = diff_match_patch()
    tool.Diff_Timeout = 0
    return tool.diff_main(left, right, False)


def text(size, first):
    return "".join(chr(ord(first) + step * step % 23) for step in range(size))


def format_one_list(size):
    """One statement with a list of that many numbers."""
    return format_sql("select * from t where a in (%s)" % ", ".join(map(str, range(size))))


def format_statements(size):
    """The same numbers in as many statements."""
    return [format_sql("select * from t where a = %d" % number) for number in range(size)]


def format_sql(statement):
    import sqlparse

    return sqlparse.format(statement, reindent=True)


def sort_a_chain(size):
    """Each item waits for the one before, so that every round looks at all that are left."""
    return sort({item: {item - 1} for item in range(1, size)})


def sort_one_layer(size):
    """All items wait for the same one."""
    return sort({item: {0} for item in range(1, size)})


def sort(dependencies):
    from toposort import toposort

    return list(toposort(dependencies))


def discard_all(size):
    """Each item taken out moves the index of all that are left."""
    items = ordered_set(size)
    for item in range(size):
        items.discard(item)


def look_all_up(size):
    items = ordered_set(size)
    return [items.index(item) for item in range(size)]


def ordered_set(size):
    from ordered_set import OrderedSet

    return OrderedSet(range(size))


PROGRAMS = {
    ("diff_match_patch", "slow"): compare_strangers,
    ("diff_match_patch", "linear"): compare_relatives,
    ("sqlparse", "slow"): format_one_list,
    ("sqlparse", "linear"): format_statements,
    ("toposort", "slow"): sort_a_chain,
    ("toposort", "linear"): sort_one_layer,
    ("ordered_set", "slow"): discard_all,
    ("ordered_set", "linear"): look_all_up,
}


def main():
    package, form, size = sys.argv[1:]
    PROGRAMS[package, form](int(size))


if __name__ == "__main__":
    main()
