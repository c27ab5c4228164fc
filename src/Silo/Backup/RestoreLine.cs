using System.Globalization;
using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Backup;

/// <summary>What the command line of a restore says: its own options, and the server's for where to.</summary>
internal sealed record RestoreLine
{
    public required string File { get; init; }
    public required string KeyFile { get; init; }
    /// <summary>The last position to bring back; null for all of them.</summary>
    public long? Until { get; init; }
    /// <summary>The master key to put beside the keys; null when the operator does that.</summary>
    public string? MasterKeyFile { get; init; }
    /// <summary>Only reads the backup to its end.</summary>
    public bool CheckOnly { get; init; }
    /// <summary>The restore is given up when the standard input ends: whoever holds its other end has ended.</summary>
    public bool EndsWithInput { get; init; }
    /// <summary>The help text.</summary>
    public const string HelpText = """
        ChainCrm server: restore FILE --backup-key KEY --data FOLDER [--master-key FILE] [--until POSITION]
                         restore FILE --backup-key KEY --check

        Brings a backup back into a data folder that is empty or not there and, by journal.store=postgres, into an empty schema of PostgreSQL. No server runs there meanwhile.

          --backup-key KEY    the private half of the backup key
          --data FOLDER       the data folder to restore to
          --master-key FILE   a copy of master.key to put beside the keys; it is looked at first
          --until POSITION    the last position of the journal to bring back; all of them without it
          --check             only reads the backup to its end and says whether it is whole
          --config FILE, --set PATH=VALUE   as for the server
          --ends-with-input   give up when the standard input ends, as chaincrm restore needs it

        More: docs/operations/backup.md.
        Exit codes: 0 restored, 2 wrong configuration, 3 the backup or the target cannot be used, 130 stopped.
        """;

    /// <summary>Whether the line asks for <see cref="HelpText"/>, wherever it does: who asks wants to read and not to write.</summary>
    public static bool AsksForHelp(IEnumerable<string> arguments) => arguments.Any(argument => argument is "--help" or "-h");

    /// <summary>The server's options.</summary>
    public required CommandLine Server { get; init; }

    /// <exception cref="WrongConfigurationException">Says what is wrong.</exception>
    public static RestoreLine Parse(IReadOnlyList<string> arguments)
    {
        string? file = null, key = null, master = null;
        long? until = null;
        var (check, endsWithInput) = (false, false);
        List<string> rest = [];
        for (var i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--backup-key": key = Value(); break;
                case "--master-key": master = Value(); break;
                case "--check": check = true; break;
                case "--ends-with-input": endsWithInput = true; break;
                case "--until":
                    if (!long.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out var position) || position < 1)
                        throw new WrongConfigurationException("--until needs a position of the journal, 1 or more.");
                    until = position;
                    break;
                case var option when option.StartsWith("--", StringComparison.Ordinal):
                    rest.Add(option);
                    if (i + 1 < arguments.Count && option is "--data" or "--config" or "--set") rest.Add(Value());
                    break;
                default:
                    if (file is not null) throw new WrongConfigurationException($"One backup is restored at a time; '{arguments[i]}' is one too many.");
                    file = arguments[i];
                    break;
            }

            string Value() => i + 1 < arguments.Count ? arguments[++i] : throw new WrongConfigurationException($"{arguments[i]} needs a value.");
        }

        var server = CommandLine.Parse(rest);
        if (server.Fault is { } fault) throw new WrongConfigurationException(fault);
        // The server's default folder is for who starts a server. What is written where nobody said is found by nobody.
        if (!check && !rest.Contains("--data")) throw new WrongConfigurationException("--data names the folder to restore to.");
        return new RestoreLine
        {
            File = file ?? throw new WrongConfigurationException("Name the backup: restore FILE --backup-key KEY --data FOLDER"),
            KeyFile = key ?? throw new WrongConfigurationException("--backup-key names the file with the private half of the backup key."),
            Until = until,
            MasterKeyFile = master,
            CheckOnly = check,
            EndsWithInput = endsWithInput,
            Server = server,
        };
    }
}
