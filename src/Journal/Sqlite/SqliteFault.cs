using SQLitePCL;

namespace ChainCrm.Journal.Sqlite;

/// <summary>What SQLite said when it would not do something. Stays inside this folder; callers get the journal's own exceptions.</summary>
internal sealed class SqliteFault : Exception
{
    public SqliteFault() { }
    public SqliteFault(string message) : base(message) { }
    public SqliteFault(string message, Exception inner) : base(message, inner) { }

    public SqliteFault(int extendedCode, string message) : base($"SQLite says {extendedCode}: {message}") => ExtendedCode = extendedCode;

    /// <summary>The extended result code.</summary>
    public int ExtendedCode { get; }

    private int Code => ExtendedCode & 0xFF;

    public bool DiskFull => Code == raw.SQLITE_FULL;

    /// <summary>The file is not what SQLite (or this programme) wrote.</summary>
    public bool Damaged => Code is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB;

    /// <summary>The fault as callers of the journal see it.</summary>
    public JournalUnavailableException ToUnavailable(string doing, string file) => new(
        DiskFull ? $"{doing}: the disk is full ({file}). Writes pass again once there is room."
            : Damaged ? $"{doing}: {file} is damaged."
            : $"{doing}: {file} can't be used now.", this)
    { DiskFull = DiskFull };
}
