using System.Globalization;

namespace ChainCrm.Peers;

/// <summary>What a run measures.</summary>
/// <param name="Customers">Customers in every system.</param>
/// <param name="Seconds">Seconds of a measurement.</param>
/// <param name="Rounds">Rounds; in each, every system has its turn once.</param>
/// <param name="Connections">Numbers of connections over HTTP.</param>
internal sealed record Options(int Customers, int Seconds, int Rounds, int[] Connections)
{
    public static Options From(string[] arguments) => new(
        Number(arguments, "--customers", 10_000),
        Number(arguments, "--seconds", 4),
        Number(arguments, "--rounds", 3),
        [.. Text(arguments, "--connections", "8,32,128,512").Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))]);

    private static int Number(string[] arguments, string name, int otherwise) =>
        int.Parse(Text(arguments, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);

    private static string Text(string[] arguments, string name, string otherwise)
    {
        var at = Array.IndexOf(arguments, name);
        return at >= 0 && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;
    }
}
