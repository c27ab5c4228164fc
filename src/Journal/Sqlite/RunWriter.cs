namespace ChainCrm.Journal.Sqlite;

/// <summary>Packs entries that come in order into blocks at the end of the table of blocks, where SQLite writes fastest. Used by the index thread, within a
/// transaction.</summary>
internal sealed class RunWriter
{
    private readonly Statement insertBlock, insertFence;
    private readonly RunEntry[] pending = new RunEntry[JournalLimits.IndexBlockBytes / sizeof(long)];
    private readonly byte[] packed = new byte[JournalLimits.IndexBlockBytes];
    private int count;
    private long versionBits, positionBits;
    private long part;

    public RunWriter(Db db)
    {
        insertBlock = db.Prepare("INSERT INTO blocks(id, data) VALUES(?, ?)");
        insertFence = db.Prepare("INSERT INTO fences(part, hash, version, block) VALUES(?, ?, ?, ?)");
    }

    /// <summary>The id that the next block gets. Read from the file at the beginning of a transaction, written at its end.</summary>
    public long NextBlock { get; set; }

    /// <summary>Entries in blocks since <see cref="Begin"/>; those of a block that is not full yet don't count.</summary>
    public long Written { get; private set; }

    public void Begin(long run, RunPart runPart)
    {
        part = RunBlocks.PartOf(run, runPart);
        Written = 0;
        Forget();
    }

    public void Add(in RunEntry entry)
    {
        var (versions, positions) = (versionBits | entry.Version, positionBits | entry.Position);
        if (RunBlock.BytesOf(count + 1, versions, positions) > JournalLimits.IndexBlockBytes)
        {
            Flush();
            (versions, positions) = (entry.Version, entry.Position);
        }

        pending[count++] = entry;
        (versionBits, positionBits) = (versions, positions);
    }

    /// <summary>Writes the last block, full or not.</summary>
    public void Flush()
    {
        if (count == 0) return;
        var length = RunBlock.Pack(pending.AsSpan(0, count), versionBits, positionBits, packed);
        insertBlock.Bind(1, NextBlock);
        insertBlock.BindBlob(2, packed.AsSpan(0, length));
        insertBlock.Run();
        insertFence.Bind(1, part);
        insertFence.Bind(2, pending[0].Hash);
        insertFence.Bind(3, pending[0].Version);
        insertFence.Bind(4, NextBlock);
        insertFence.Run();
        NextBlock++;
        Written += count;
        Forget();
    }

    private void Forget()
    {
        count = 0;
        versionBits = positionBits = 0;
    }
}
