using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Verify;

/// <summary>Pages the journal into the audit, and can stop exactly at a position.</summary>
internal sealed class JournalReader(ChainCrmClient client, JournalAudit audit)
{
    // Entries fetched in a page but beyond the position asked for; they come first next time.
    private readonly Queue<JournalEntryView> _ahead = new();
    private long _fetched;

    /// <summary>Newest position of the journal when it was last asked.</summary>
    public long Head { get; private set; }

    /// <summary>Reads everything there is at the moment of the last page.</summary>
    public async Task ReadToHeadAsync(Action<long> advanced, CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } entry)
        {
            audit.Add(entry);
            advanced(1);
        }
    }

    /// <summary>Reads up to a position, that one included.</summary>
    public async Task ReadToAsync(long position, CancellationToken cancellation)
    {
        while (audit.Position < position && await NextAsync(cancellation, position) is { } entry) audit.Add(entry);
    }

    private async Task<JournalEntryView?> NextAsync(CancellationToken cancellation, long upTo = long.MaxValue)
    {
        if (_ahead.Count == 0 && _fetched < upTo)
        {
            var page = await client.JournalAsync(_fetched, ClientLimits.JournalPageMax, cancellation);
            Head = page.Head;
            foreach (var entry in page.Entries)
            {
                _ahead.Enqueue(entry);
                _fetched = entry.Position;
            }
        }

        return _ahead.TryPeek(out var next) && next.Position <= upTo ? _ahead.Dequeue() : null;
    }
}
