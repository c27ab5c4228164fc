using System.Text.Json;
using ChainCrm.Client.Verify;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Tests.Verify;

/// <summary>A programme and one customer's entries, as verify reads them; what differs.</summary>
internal static class AuditedChain
{
    /// <summary>Audits the entries of a customer under version 1 of a programme.</summary>
    /// <param name="programme">The document.</param>
    /// <param name="entries">Command, event and data of each entry.</param>
    /// <param name="change">Plants a mistake in events and data.</param>
    public static List<string> Differences(string programme, IEnumerable<(string Command, string Type, string Data)> entries, Func<string, string>? change = null)
    {
        var differences = new Differences();
        var audit = new JournalAudit(differences);
        var position = 1L;
        audit.Add(Entry(position, "main/programme/programme", 1, "p", "programme.published.1", JsonSerializer.Serialize(new { version = 1, document = programme })));
        foreach (var (command, type, data) in entries)
        {
            audit.Add(Entry(++position, "main/customer/c", position - 1, command, change?.Invoke(type) ?? type, change?.Invoke(data) ?? data));
        }

        return [.. differences.Shown.Select(difference => $"{difference.What}: {difference.Expected}, {difference.Found}")];
    }

    private static JournalEntryView Entry(long position, string stream, long version, string command, string type, string data) => new()
    {
        Position = position, Stream = stream, Version = version, CommandId = command, Programme = 1, Events = [new JournalEventView(type, JsonDocument.Parse(data).RootElement)],
    };
}
