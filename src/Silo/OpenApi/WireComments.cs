using System.Text;
using System.Xml.Linq;
using ChainCrm.Client.Wire;

namespace ChainCrm.Silo.OpenApi;

/// <summary>
/// The comments of the wire types, from the documentation file that the compiler puts beside their assembly: one text for those who read
/// the code and those who read the reference. Without the file the reference has names and types only.
/// </summary>
internal sealed class WireComments
{
    private readonly Dictionary<string, XElement> _members;

    private WireComments(Dictionary<string, XElement> members) => _members = members;

    /// <summary>Reads the file.</summary>
    public static WireComments Load()
    {
        var file = Path.Combine(AppContext.BaseDirectory, typeof(PurchaseRequest).Assembly.GetName().Name + ".xml");
        if (!File.Exists(file)) return new WireComments([]);
        var members = XDocument.Load(file).Descendants("member")
            .Where(member => member.Attribute("name") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, StringComparer.Ordinal);
        return new WireComments(members);
    }

    /// <summary>What is said of a type.</summary>
    public string? Of(Type type) => _members.TryGetValue("T:" + type.FullName, out var member) ? TextOf(member.Element("summary")) : null;

    /// <summary>What is said of a property, or of the parameter it was declared by.</summary>
    public string? Of(Type type, string property)
    {
        if (_members.TryGetValue($"P:{type.FullName}.{property}", out var own) && TextOf(own.Element("summary")) is { } said) return said;
        return _members.TryGetValue("T:" + type.FullName, out var owner)
            ? TextOf(owner.Elements("param").FirstOrDefault(p => p.Attribute("name")?.Value == property))
            : null;
    }

    private static string? TextOf(XElement? element)
    {
        if (element is null) return null;
        var text = new StringBuilder();
        foreach (var node in element.Nodes())
            text.Append(node is XElement inner ? inner.Attribute("cref")?.Value.Split('.')[^1] ?? inner.Value : ((XText)node).Value);
        var words = text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(' ', words);
    }
}
