namespace ChainCrm.Client.Backup;

/// <summary>A backup or its key can't be used as it stands: wrong key, truncated, altered, of a newer format. One sentence that says which, without anything of the content.</summary>
public sealed class BackupUnusableException : Exception
{
    public BackupUnusableException() { }
    public BackupUnusableException(string message) : base(message) { }
    public BackupUnusableException(string message, Exception inner) : base(message, inner) { }
}
