using System.Text;

namespace ChainCrm.Journal.Tests;

/// <summary>Entries as tests write them.</summary>
internal static class Given
{
    public const string Anna = "main/customer/c-anna";
    public const string Bert = "main/customer/c-bert";

    public static EntryToAppend Entry(string stream, long expectedVersion, string commandId, string data = "{}", bool commandIsNew = false) =>
        new(stream, expectedVersion, commandId, commandIsNew, 1_700_000_000_000 + expectedVersion, Encoding.UTF8.GetBytes(data));

    /// <summary>So many entries of one stream, with commands named after their versions.</summary>
    public static EntryToAppend[] Entries(string stream, int count, long afterVersion = 0) =>
        [.. Enumerable.Range(0, count).Select(i => Entry(stream, afterVersion + i, $"{stream}#{afterVersion + i + 1}", $"data {afterVersion + i + 1}"))];

    public static string Text(this JournalEntry entry) => Encoding.UTF8.GetString(entry.Data.Span);

    public static async Task<List<JournalEntry>> AllAsync(this IJournal journal)
    {
        List<JournalEntry> all = [];
        while (true)
        {
            var page = await journal.ReadAfterAsync(all.Count == 0 ? 0 : all[^1].Position, 1_000);
            if (page.Count == 0) return all;
            all.AddRange(page);
        }
    }

    public static async Task CommitAsync(this IJournal journal, params EntryToAppend[] batch)
    {
        var result = await journal.AppendAsync(batch);
        if (!result.Committed) throw new InvalidOperationException($"The batch conflicts in {string.Join(", ", result.ConflictedStreams)}.");
    }
}
