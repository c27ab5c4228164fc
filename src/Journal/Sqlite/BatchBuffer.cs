using System.Text;

namespace ChainCrm.Journal.Sqlite;

/// <summary>The batch in hand as SQLite takes it: names as UTF-8, encoded once, and their keys. Used again for every batch, so that an append allocates nothing.</summary>
internal sealed class BatchBuffer
{
    private byte[] text = new byte[16 * 1024];
    private Slot[] slots = new Slot[64];
    private TailRow[] rows = new TailRow[64];
    private bool[] knownCommands = new bool[64];
    private int count;

    public ReadOnlySpan<TailRow> Rows => rows.AsSpan(0, count);

    /// <summary>For each entry whether the tail holds its command already.</summary>
    public Span<bool> KnownCommands => knownCommands.AsSpan(0, count);

    public ReadOnlySpan<byte> Stream(int entry) => text.AsSpan(slots[entry].Stream, slots[entry].StreamLength);

    public ReadOnlySpan<byte> Command(int entry) => text.AsSpan(slots[entry].Stream + slots[entry].StreamLength, slots[entry].CommandLength);

    public void Load(ReadOnlySpan<EntryToAppend> batch, HashSeed seed)
    {
        count = batch.Length;
        if (rows.Length < count) Grow(count);
        var used = 0;
        for (var i = 0; i < batch.Length; i++)
        {
            ref readonly var entry = ref batch[i];
            const int most = 3 * (JournalLimits.StreamLengthMax + JournalLimits.CommandIdLengthMax);
            if (text.Length - used < most) Array.Resize(ref text, Math.Max(text.Length * 2, used + most));
            var streamLength = Encoding.UTF8.GetBytes(entry.Stream, text.AsSpan(used));
            var commandLength = Encoding.UTF8.GetBytes(entry.CommandId, text.AsSpan(used + streamLength));
            slots[i] = new(used, streamLength, commandLength);
            used += streamLength + commandLength;

            var stream = seed.Stream(Stream(i));
            rows[i] = new(stream, entry.ExpectedVersion + 1, seed.Command(stream, Command(i)));
        }

        KnownCommands.Clear();
    }

    private void Grow(int needed)
    {
        var size = Math.Min(JournalLimits.BatchMax, Math.Max(needed, rows.Length * 2));
        slots = new Slot[size];
        rows = new TailRow[size];
        knownCommands = new bool[size];
    }

    private readonly record struct Slot(int Stream, int StreamLength, int CommandLength);
}
