using System.Globalization;
using ChainCrm.Faults.Kinds;

namespace ChainCrm.Faults;

/// <summary>What is asked for on the command line.</summary>
internal sealed record Options(IReadOnlyList<FaultKind> Kinds, int Count, int Seed, int Lanes, string? TurnsFile, string JsonFile)
{
    public static string Help => $"""
        ./tests/Faults/run [options]     faults under load, and an audit of every acknowledged command
          --kind NAME,...    kinds of faults, or all (default)
          --count N          faults of each kind (default 200)
          --seed N           what is drawn from; the same one orders the same faults (default: drawn, and printed)
          --store NAME       only kinds on sqlite, or on postgres
          --lanes N          kinds at once, each on an installation of its own (default 1)
          --turns FILE       take turns with others: works while it holds the lock of this file, lets go of it every {FaultsLimits.TurnSeconds} s
          --json FILE        where the result goes (default artifacts/faults/TIME.json)
        Ends with 1 when anything was lost, doubled or wrong. Kinds:
        {string.Join('\n', AllKinds.List.Select(kind => $"  {kind.Name,-22} {kind.What}"))}
        """;

    /// <summary>The options, or what is wrong with them.</summary>
    public static (Options? Options, string? Fault) Parse(string[] arguments)
    {
        var (kinds, count, seed, lanes, turns, json) = (AllKinds.List, 200, Environment.TickCount & 0xFFFF, 1, (string?)null, (string?)null);
        for (var i = 0; i + 1 < arguments.Length; i += 2)
        {
            var value = arguments[i + 1];
            switch (arguments[i])
            {
                case "--kind" when value == "all":
                    break;
                case "--kind":
                    var names = value.Split(',');
                    if (names.FirstOrDefault(name => AllKinds.List.All(kind => kind.Name != name)) is { } unknown) return (null, $"There is no kind '{unknown}'.");
                    kinds = [.. names.Select(name => AllKinds.List.Single(kind => kind.Name == name))];
                    break;
                case "--store" when Enum.TryParse<Store>(value, ignoreCase: true, out var store):
                    kinds = [.. kinds.Where(kind => kind.Needs.Store == store)];
                    break;
                case "--count" when int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0:
                    count = number;
                    break;
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out var number):
                    seed = number;
                    break;
                case "--lanes" when int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= FaultsLimits.LanesMax:
                    lanes = number;
                    break;
                case "--turns":
                    turns = value;
                    break;
                case "--json":
                    json = value;
                    break;
                default:
                    return (null, $"'{arguments[i]} {value}' is no option.");
            }
        }

        if (arguments.Length % 2 != 0) return (null, arguments[^1] is "--help" or "-h" ? null : $"'{arguments[^1]}' needs a value.");
        return (new Options(kinds, count, seed, lanes, turns, json ?? Path.Combine("artifacts", "faults", DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture) + ".json")), null);
    }
}
