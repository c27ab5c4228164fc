namespace ChainCrm.Silo.Hosting;

/// <summary>The vault's files in a data folder: the master key, and keys.db unless the keys are in PostgreSQL. Whoever changes them holds the folder.</summary>
internal sealed class KeyFiles(string folder)
{
    /// <summary>The file of wrapped keys.</summary>
    public const string Name = "keys.db";

    /// <summary>The file of the master key.</summary>
    public string MasterKeyFile { get; } = Path.Combine(folder, "master.key");

    /// <summary>The wrapped keys of a chain on SQLite.</summary>
    public string KeysFile { get; } = Path.Combine(folder, Name);

    /// <summary>What is left of keys.db where the keys have gone to PostgreSQL.</summary>
    public string KeptFile => KeysFile + ".moved";

    /// <summary>Where a move to SQLite gathers the keys; its folder goes away with the rest of the move.</summary>
    public string FillingFile { get; } = Path.Combine(folder, "journal.moving", Name);

    /// <summary>There is a keys.db.</summary>
    public bool HoldsKeys => File.Exists(KeysFile);

    /// <summary>A chain has its keys here, or its master key.</summary>
    public bool HoldsAny => HoldsKeys || File.Exists(MasterKeyFile);

    /// <summary>Puts keys.db out of the way, once all of it is elsewhere and compared. What an earlier move left there is older and goes.</summary>
    /// <exception cref="IOException">It can't be renamed.</exception>
    public void SetAside() => Rename(KeysFile, KeptFile);

    /// <summary>Undoes <see cref="SetAside"/>; nothing when it was not done.</summary>
    /// <exception cref="IOException">It can't be renamed.</exception>
    public void TakeBack()
    {
        if (!HoldsKeys && File.Exists(KeptFile)) Rename(KeptFile, KeysFile);
    }

    /// <summary>Puts the keys that a move has gathered into place.</summary>
    /// <exception cref="IOException">It can't be renamed.</exception>
    public void Release() => Rename(FillingFile, KeysFile);

    /// <summary>Throws away what a move has gathered.</summary>
    /// <exception cref="IOException">It can't be deleted.</exception>
    public void DropFilling()
    {
        foreach (var ending in (string[])["", "-wal", "-shm"]) File.Delete(FillingFile + ending);
    }

    /// <summary>Renames and flushes the file under its new name, as a move does with the journal. Whoever closed it last has emptied its write-ahead log into it.</summary>
    private static void Rename(string from, string to)
    {
        if (new FileInfo(from + "-wal") is { Exists: true, Length: > 0 }) throw new IOException($"{from}-wal is not empty: something reads the file, or the disk is full. Try again.");
        File.Move(from, to, overwrite: true);
        File.Delete(from + "-wal");
        File.Delete(from + "-shm");
        using var renamed = new FileStream(to, FileMode.Open, FileAccess.ReadWrite);
        renamed.Flush(flushToDisk: true);
    }
}
