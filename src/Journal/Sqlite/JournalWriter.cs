namespace ChainCrm.Journal.Sqlite;

/// <summary>The one connection that appends: a transaction per batch, nothing but inserts at the end of one table. Not thread-safe.</summary>
internal sealed class JournalWriter : IDisposable
{
    private readonly string path;
    private readonly SqliteJournalOptions options;
    private Db db;
    private Statement begin, insert, commit;

    public JournalWriter(string path, SqliteJournalOptions options)
    {
        this.path = path;
        this.options = options;
        (db, begin, insert, commit) = Open();
    }

    /// <summary>The connection, for what is read while nothing is being written.</summary>
    public Db Db => db;

    /// <summary>Commits the batch; durable when it returns. Nothing of it is visible when it throws, except after a fault in the commit itself.</summary>
    /// <exception cref="SqliteFault">The transaction is rolled back as far as SQLite can say.</exception>
    public void Write(ReadOnlySpan<EntryToAppend> batch, BatchBuffer buffer, long firstPosition)
    {
        try
        {
            begin.Run();
            for (var i = 0; i < batch.Length; i++)
            {
                ref readonly var entry = ref batch[i];
                insert.Bind(1, firstPosition + i);
                insert.BindText(2, buffer.Stream(i));
                insert.Bind(3, entry.ExpectedVersion + 1);
                insert.BindText(4, buffer.Command(i));
                insert.Bind(5, entry.TimeMs);
                insert.BindBlob(6, entry.Data.Span);
                insert.Run();
            }

            options.Fault?.Invoke(CommitStage.BeforeCommit);
            commit.Run();
            options.Fault?.Invoke(CommitStage.AfterCommit);
        }
        catch (SqliteFault)
        {
            db.Rollback();
            throw;
        }
    }

    /// <summary>A new connection in place of one that can't be trusted any more.</summary>
    public void Reopen()
    {
        var old = db;
        (db, begin, insert, commit) = Open();
        old.Dispose();
    }

    public void Dispose() => db.Dispose();

    private (Db, Statement, Statement, Statement) Open()
    {
        var opened = JournalFile.OpenWriter(path, options);
        try
        {
            return (opened,
                opened.Prepare("BEGIN IMMEDIATE"),
                opened.Prepare("INSERT INTO entries(position, stream, version, command, time, data) VALUES(?, ?, ?, ?, ?, ?)"),
                opened.Prepare("COMMIT"));
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
