namespace ChainCrm.Silo.Hosting;

/// <summary>What the command line says. Only what people type often has a switch; everything else is in the file or the environment.</summary>
public sealed record CommandLine
{
    /// <summary>The configuration file named by --config.</summary>
    public string? ConfigFile { get; private init; }
    /// <summary>--help was asked for.</summary>
    public bool Help { get; private init; }
    /// <summary>--version was asked for.</summary>
    public bool Version { get; private init; }
    /// <summary>Settings by path, e.g. <c>http.port</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; private init; } = new Dictionary<string, string>();
    /// <summary>What is wrong, a sentence; null when nothing is.</summary>
    public string? Fault { get; private init; }

    /// <summary>The help text.</summary>
    public const string HelpText = """
        ChainCrm server.

          --config FILE     configuration file; otherwise chaincrm.json beside the data folder, when there is one
          --data FOLDER     data folder (data.folder), default data
          --port N          port on 127.0.0.1 (http.port), default 5080; 0 takes a free one
          --urls URLS       addresses instead of 127.0.0.1 (http.urls), such as http://0.0.0.0:5080
          --demo NAME       start a generated chain: beauty, food or retail (demo.template)
          --empty           start without the generated chain
          --set PATH=VALUE  any other setting, such as log.format=simple; can be repeated
          --help, --version

          move --to postgres|sqlite   move the stopped chain to the other store and verify it; move --help says more
          restore FILE                bring a backup back into an empty folder or schema; restore --help says more

        Every setting: docs/operations/configuration.md. Environment variables: CHAINCRM__HTTP__PORT=5080 and so on.
        Exit codes: 0 stopped as asked, 1 unexpected failure, 2 wrong configuration, 3 the data cannot be used, 4 the address is taken.
        """;

    /// <summary>Reads the arguments; never throws.</summary>
    public static CommandLine Parse(IReadOnlyList<string> arguments)
    {
        var settings = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var line = new CommandLine { Settings = settings };
        var empty = false;
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            switch (name)
            {
                case "--help" or "-h":
                    return line with { Help = true };
                case "--version":
                    return line with { Version = true };
                case "--empty":
                    empty = true;
                    continue;
            }
            if (name is not ("--config" or "--data" or "--port" or "--urls" or "--demo" or "--set"))
                return line with { Fault = $"'{name}' is not an option. --help lists them." };
            if (i + 1 >= arguments.Count || arguments[i + 1].StartsWith("--", StringComparison.Ordinal))
                return line with { Fault = $"{name} needs a value." };
            var value = arguments[++i];
            switch (name)
            {
                case "--config": line = line with { ConfigFile = value }; break;
                case "--data": settings["data.folder"] = value; break;
                case "--port": settings["http.port"] = value; break;
                case "--urls": settings["http.urls"] = value; break;
                case "--demo": settings["demo.template"] = value; break;
                default:
                    var equals = value.IndexOf('=', StringComparison.Ordinal);
                    if (equals <= 0) return line with { Fault = $"--set needs PATH=VALUE, not '{value}'." };
                    settings[value[..equals]] = value[(equals + 1)..];
                    break;
            }
        }
        if (empty && settings.ContainsKey("demo.template"))
            return line with { Fault = "--demo and --empty exclude each other." };
        if (empty) settings["demo.template"] = "";
        return line;
    }
}
