namespace ChainCrm.Journal.Tests;

/// <summary>A folder of its own for one test, gone afterwards.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("chaincrm-journal-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>The files as a crash at this moment would leave them, in another folder. Nobody may be writing: neither an append, nor a checkpoint
    /// (let none come due), nor, unless its files are left behind, the index thread (flush it).</summary>
    public TempFolder CopyAsAfterACrash(bool withIndex = true)
    {
        var copy = new TempFolder();
        foreach (var name in withIndex ? (ReadOnlySpan<string>)["journal.db", "journal.db-wal", "index.db", "index.db-wal"] : ["journal.db", "journal.db-wal"])
        {
            if (System.IO.File.Exists(File(name))) System.IO.File.Copy(File(name), copy.File(name));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
