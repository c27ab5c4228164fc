using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ChainCrm.Journal.Postgres;

/// <summary>One numbered step of the schema. A step that was released is never changed: its checksum stands in every database.</summary>
/// <param name="Number">1, 2, 3 ... without gaps.</param>
/// <param name="Name">What it is about, from its file's name.</param>
/// <param name="Template">SQL with <c>{schema}</c> where the schema's name belongs.</param>
internal sealed record Migration(int Number, string Name, string Template)
{
    /// <summary>SHA-256 of the step without the schema's name, in lower-case hexadecimal digits.</summary>
    public string Checksum { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Template.ReplaceLineEndings("\n"))));

    /// <summary>All steps that this build knows, in order.</summary>
    public static IReadOnlyList<Migration> All { get; } = Load();

    public string SqlFor(string schema) => Template.Replace("{schema}", schema, StringComparison.Ordinal);

    /// <summary>What grants a role the rights that the application needs, and no others.</summary>
    public static string Rights(string schema, string role) =>
        Text("rights.sql").Replace("{schema}", schema, StringComparison.Ordinal).Replace("{role}", $"\"{role.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", StringComparison.Ordinal);

    private static List<Migration> Load()
    {
        List<Migration> found = [];
        foreach (var resource in typeof(Migration).Assembly.GetManifestResourceNames().Where(name => char.IsAsciiDigit(name[0])).Order(StringComparer.Ordinal))
        {
            var (number, name) = (resource[..4], resource[5..^4]);
            found.Add(new(int.Parse(number, NumberStyles.None, CultureInfo.InvariantCulture), name, Text(resource)));
            if (found[^1].Number != found.Count) throw new InvalidOperationException($"Migration {resource} is not number {found.Count}.");
        }

        return found;
    }

    private static string Text(string resource)
    {
        using var reader = new StreamReader(typeof(Migration).Assembly.GetManifestResourceStream(resource)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
