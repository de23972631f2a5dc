"""What a program can know about how it was started."""

import pickle
import sys


class Thing:
    pass


def facts():
    main = sys.modules["__main__"]
    return [
        sys.argv,
        sys.path[0],
        __name__,
        getattr(main, "__file__", None),
        getattr(main.__spec__, "name", None),
        main.__package__,
        __builtins__.__name__,
        sorted(name for name in vars(main) if not name.startswith("_")),
        isinstance(pickle.loads(pickle.dumps(Thing())), Thing),
    ]


for fact in facts():
    print(fact)
