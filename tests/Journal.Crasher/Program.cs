using System.Globalization;
using System.Text;
using ChainCrm.Journal;
using ChainCrm.Journal.Crasher;
using ChainCrm.Journal.Sqlite;

// Appends to the journal of a folder until it is killed, and prints the position of the last entry after every acknowledged batch.
// Small checkpoints and a short idle time put the kill into the middle of checkpoints and index runs, too.
// With "postgres" it is one of several processes on one journal instead.
if (args is ["postgres", var schema, var number, var batches])
    return await PostgresAppender.RunAsync(schema, int.Parse(number, CultureInfo.InvariantCulture), int.Parse(batches, CultureInfo.InvariantCulture));
if (args is not [var folder, var run]) return 2;

const int streams = 40, batchMax = 25;
await using var journal = await SqliteJournal.OpenAsync(new()
{
    Folder = folder,
    IndexIdle = TimeSpan.FromMilliseconds(5),
    CheckpointBytes = 128 * 1024,
    WalBytesMax = 512 * 1024,
});

var versions = new long[streams];
long position = 0;
while (await journal.ReadAfterAsync(position, JournalLimits.ReadMax) is { Count: > 0 } page)
{
    foreach (var entry in page) versions[int.Parse(entry.Stream.AsSpan("main/customer/".Length), CultureInfo.InvariantCulture)] = entry.Version;
    position = page[^1].Position;
}

Console.WriteLine($"ready {journal.Head}");
var random = new Random(int.Parse(run, CultureInfo.InvariantCulture));
while (true)
{
    var batch = new EntryToAppend[1 + random.Next(batchMax)];
    for (var i = 0; i < batch.Length; i++)
    {
        var stream = random.Next(streams);
        var version = ++versions[stream];
        var data = $"{stream}:{version}:{new string('x', random.Next(900))}";
        batch[i] = new($"main/customer/{stream}", version - 1, $"command {version}", random.Next(2) == 0, 0, Encoding.UTF8.GetBytes(data));
    }

    var result = await journal.AppendAsync(batch);
    if (!result.Committed) throw new InvalidOperationException("Nobody else writes, and yet there is a conflict.");
    Console.WriteLine($"ack {result.FirstPosition + batch.Length - 1}");
}
