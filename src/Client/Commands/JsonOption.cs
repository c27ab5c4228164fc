using System.CommandLine;
using System.Text.Json.Serialization;
using ChainCrm.Client.Replay;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Commands;

/// <summary><c>--json</c>, the same in every command: to the screen without a file name, else to the file.</summary>
internal static class JsonOption
{
    public static Option<string?> Create() => new("--json")
    {
        Description = "Writes the result as JSON: to FILE, or to the screen when no file is named.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Null when not asked for, "-" for the screen, else the file.</summary>
    public static string? Path(ParseResult arguments, Option<string?> option) =>
        arguments.GetResult(option) is null ? null : arguments.GetValue(option) ?? "-";
}

/// <summary>JSON of results, for people and for scripts.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(StatsReply))]
[JsonSerializable(typeof(RehearsalView))]
[JsonSerializable(typeof(ReplayReport))]
[JsonSerializable(typeof(Load.LoadReport))]
[JsonSerializable(typeof(Verify.VerifyReport))]
internal sealed partial class IndentedJson : JsonSerializerContext;
