using System.Globalization;
using System.Reflection;
using System.Text.Json;

namespace ChainCrm.Silo.Hosting;

/// <summary>The configuration is wrong; the message is for the person at the console.</summary>
public sealed class WrongConfigurationException : Exception
{
    public WrongConfigurationException() { }
    public WrongConfigurationException(string message) : base(message) { }
    public WrongConfigurationException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>
/// Puts the settings together: defaults, then the file, then the environment (CHAINCRM__HTTP__PORT), then the command line. A name that is
/// no setting is a fault, because a misspelt setting that is silently ignored costs someone a day.
/// </summary>
public static class SettingsReader
{
    /// <summary>First part of every environment variable that is a setting.</summary>
    public const string EnvironmentPrefix = "CHAINCRM__";

    /// <summary>Name of the configuration file beside the data folder.</summary>
    public const string FileName = "chaincrm.json";

    private static readonly IReadOnlyDictionary<string, (PropertyInfo Group, PropertyInfo Value)> Known = Paths();

    /// <summary>The path of every setting, e.g. <c>http.port</c>, with its default as text.</summary>
    public static IReadOnlyDictionary<string, string> Defaults()
    {
        var defaults = new ServerSettings();
        return Known.ToDictionary(k => k.Key, k => Text(k.Value.Value.GetValue(k.Value.Group.GetValue(defaults))), StringComparer.Ordinal);
    }

    /// <summary>Reads and checks.</summary>
    /// <exception cref="WrongConfigurationException">Something is wrong; the message names every fault.</exception>
    public static ServerSettings Read(CommandLine line, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        if (line.Fault is not null) throw new WrongConfigurationException(line.Fault);
        var fromEnvironment = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in environment)
        {
            if (name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase) && value is not null)
                fromEnvironment[name[EnvironmentPrefix.Length..].Replace("__", ".", StringComparison.Ordinal)] = value;
        }

        var settings = new ServerSettings();
        var faults = new List<string>();
        var file = FileOf(line, fromEnvironment, settings.Data.Folder);
        if (file is not null) Apply(settings, FromFile(file), $"in {file}", faults);
        Apply(settings, fromEnvironment, "in the environment", faults);
        Apply(settings, line.Settings, "on the command line", faults);
        faults.AddRange(SettingsCheck.Faults(settings));
        if (faults.Count > 0) throw new WrongConfigurationException(string.Join(Environment.NewLine, faults));
        return settings;
    }

    private static string? FileOf(CommandLine line, Dictionary<string, string> environment, string defaultFolder)
    {
        if (line.ConfigFile is not null)
        {
            return File.Exists(line.ConfigFile)
                ? line.ConfigFile
                : throw new WrongConfigurationException($"The configuration file {line.ConfigFile} does not exist.");
        }
        var folder = line.Settings.GetValueOrDefault("data.folder") ?? environment.GetValueOrDefault("data.folder") ?? defaultFolder;
        if (string.IsNullOrWhiteSpace(folder)) return null;
        var beside = Path.Combine(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? ".", FileName);
        return File.Exists(beside) ? beside : null;
    }

    private static Dictionary<string, string> FromFile(string file)
    {
        try
        {
            if (new FileInfo(file).Length > HostLimits.ConfigurationBytesMax)
                throw new WrongConfigurationException($"{file} is larger than a configuration file can be.");
            using var document = JsonDocument.Parse(File.ReadAllBytes(file),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            Flatten(document.RootElement, "", values);
            return values;
        }
        catch (JsonException failure)
        {
            throw new WrongConfigurationException($"{file} is not valid JSON: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new WrongConfigurationException($"{file} cannot be read: {failure.Message}", failure);
        }
    }

    private static void Flatten(JsonElement element, string path, Dictionary<string, string> values)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in element.EnumerateObject())
                Flatten(property.Value, path.Length == 0 ? property.Name : $"{path}.{property.Name}", values);
            return;
        }
        values[path] = element.ValueKind == JsonValueKind.String ? element.GetString() ?? "" : element.GetRawText();
    }

    private static void Apply(ServerSettings settings, IReadOnlyDictionary<string, string> values, string where, List<string> faults)
    {
        foreach (var (path, text) in values)
        {
            var name = Known.Keys.FirstOrDefault(k => string.Equals(k, path, StringComparison.OrdinalIgnoreCase));
            if (name is null)
            {
                faults.Add($"There is no setting '{path}' ({where}). docs/operations/configuration.md lists all of them.");
                continue;
            }
            var (group, value) = Known[name];
            if (Parse(text, value.PropertyType) is { } parsed) value.SetValue(group.GetValue(settings), parsed);
            else faults.Add($"{name} ({where}) is '{text}'; it must be {(value.PropertyType == typeof(bool) ? "true or false" : "a whole number")}.");
        }
    }

    private static object? Parse(string text, Type type)
    {
        if (type == typeof(string)) return text;
        if (type == typeof(bool)) return bool.TryParse(text, out var b) ? b : null;
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var i) ? i : null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : null;
    }

    private static string Text(object? value) => value is bool b ? (b ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static Dictionary<string, (PropertyInfo, PropertyInfo)> Paths() =>
        typeof(ServerSettings).GetProperties()
            .SelectMany(group => group.PropertyType.GetProperties().Select(value => (Group: group, Value: value)))
            .ToDictionary(p => $"{Camel(p.Group.Name)}.{Camel(p.Value.Name)}", p => (p.Group, p.Value), StringComparer.Ordinal);

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
