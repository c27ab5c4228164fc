using System.Text.Json;
using ChainCrm.Client.Wire;
using ChainCrm.Journal;

namespace ChainCrm.Silo.Api;

/// <summary>Journal entries as auditors see them: the stored JSON as it is, so that what they check is what stands in the file.</summary>
internal static class JournalViews
{
    /// <summary>The entries of one chain among these; positions of other chains are gaps.</summary>
    public static IReadOnlyList<JournalEntryView> Of(string chain, IReadOnlyList<JournalEntry> entries)
    {
        var prefix = chain + "/";
        var views = new List<JournalEntryView>(entries.Count);
        foreach (var entry in entries)
            if (entry.Stream.StartsWith(prefix, StringComparison.Ordinal)) views.Add(Of(entry));
        return views;
    }

    private static JournalEntryView Of(JournalEntry entry)
    {
        using var payload = JsonDocument.Parse(entry.Data);
        var root = payload.RootElement;
        var stored = root.GetProperty("e");
        var events = new JournalEventView[stored.GetArrayLength()];
        for (var i = 0; i < events.Length; i++)
            events[i] = new JournalEventView(stored[i].GetProperty("t").GetString() ?? "", stored[i].GetProperty("d").Clone());
        return new JournalEntryView
        {
            Position = entry.Position,
            Stream = entry.Stream,
            Version = entry.Version,
            CommandId = entry.CommandId,
            At = DateTimeOffset.FromUnixTimeMilliseconds(entry.TimeMs),
            Programme = root.TryGetProperty("p", out var programme) ? programme.GetInt32() : 0,
            Events = events,
        };
    }
}
