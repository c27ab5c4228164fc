using System.CommandLine;

namespace ChainCrm.Client.Commands;

/// <summary>Options of every command: which server, with which key.</summary>
internal sealed class ConnectionOptions
{
    public const string KeyVariable = "CHAINCRM_KEY";
    public const string DefaultKeyFile = "data/office.key";
    private const string KeyPrefix = "ck_";

    private readonly Option<string> _server = new("--server", "-s")
    {
        Description = "Address of the server.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
        Recursive = true,
    };

    private readonly Option<string?> _key = new("--key")
    {
        Description = "Access key (ck_...). Others on this machine can see it in the list of processes: a key file or CHAINCRM_KEY is better.",
        Recursive = true,
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = $"File that holds the access key. Without it: ${KeyVariable}, then {DefaultKeyFile}.",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Add(_server);
        root.Add(_key);
        root.Add(_keyFile);
    }

    /// <summary>The options of a client for these arguments.</summary>
    public ChainCrmClientOptions Read(ParseResult arguments)
    {
        var server = arguments.GetRequiredValue(_server);
        if (!Uri.TryCreate(server, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            throw new UsageException($"--server {server} is no address such as http://127.0.0.1:5080.");
        return new ChainCrmClientOptions { Server = address, AccessKey = ReadKey(arguments) };
    }

    private string ReadKey(ParseResult arguments)
    {
        if (arguments.GetValue(_key) is { } given) return Check(given, "--key");
        if (arguments.GetValue(_keyFile) is { } file) return ReadFile(file);
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } variable) return Check(variable, KeyVariable);
        if (File.Exists(DefaultKeyFile)) return ReadFile(DefaultKeyFile);
        throw new UsageException($"No access key: give --key-file, set {KeyVariable}, or run where {DefaultKeyFile} is.");
    }

    private static string ReadFile(string path)
    {
        if (!File.Exists(path)) throw new UsageException($"There is no key file {path}.");
        var line = File.ReadLines(path).Select(text => text.Trim()).FirstOrDefault(text => text.StartsWith(KeyPrefix, StringComparison.Ordinal));
        return Check(line ?? "", path);
    }

    /// <summary>The message never repeats what was given: it may be a key with a typing mistake.</summary>
    private static string Check(string key, string source)
    {
        var trimmed = key.Trim();
        return trimmed.StartsWith(KeyPrefix, StringComparison.Ordinal) && trimmed.All(letter => letter is > ' ' and <= '~')
            ? trimmed
            : throw new UsageException($"{source} holds no access key: one begins with {KeyPrefix}.");
    }
}
