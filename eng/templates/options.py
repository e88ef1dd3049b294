"""Which images there have to be, told from the list of the projects that were made, which has every combination of the options.

Every pair of those that change what is compiled stands in an image, and every value of the others: the protocol is settings
and an argument, and the tests stay outside, to which tests/Sidecars.Templates.Tests/FilesTests.cs holds them."""
import dataclasses, itertools, os, shlex

COMPILED = ("aot", "typed", "explain")


@dataclasses.dataclass
class Project:
    """A project as `dotnet new` was asked for it."""
    name: str
    template: str
    options: dict

    @property
    def service(self):
        return self.name.lower().replace(".", "-")

    @property
    def protocol(self):
        return self.options.get("protocol", "v1")


def projects(made):
    """By their names."""
    with open(os.path.join(made, "projects.list")) as lines:
        words = [shlex.split(line) for line in lines]
    return {w[2]: Project(w[2], w[0], {option.lstrip("-"): value for option, value in zip(w[3::2], w[4::2])}) for w in words}


def stands_for(project):
    """The values and the pairs of values that an image of a project shows."""
    values = [(option, value) for option, value in project.options.items() if option != "dockerfile"]
    pairs = itertools.combinations([v for v in values if v[0] in COMPILED], 2)
    return {(project.template, *what) for what in [*((v,) for v in values), *pairs]}


def uncovered(known, images):
    wanted = set().union(*(stands_for(p) for p in known.values() if p.options.get("dockerfile") == "true"))
    shown = set().union(*(stands_for(known[name]) for name in images))
    return sorted(template + "".join(f" --{option} {value}" for option, value in what) for template, *what in wanted - shown)
