namespace ChainCrm.Journal.Sqlite;

/// <summary>One process owns the folder: the operating system holds the lock on journal.lock and lets go of it when the process ends, however it ends.</summary>
public sealed class FolderLock : IDisposable
{
    /// <summary>Name of the file; it may be there without anybody holding it.</summary>
    public const string FileName = "journal.lock";

    private readonly FileStream file;

    private FolderLock(FileStream file) => this.file = file;

    /// <summary>Takes the folder, which is made when it is missing.</summary>
    /// <exception cref="JournalUnusableException">Another process has it, or it may not be written.</exception>
    public static FolderLock Take(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            Directory.CreateDirectory(folder);
            return new(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalUnusableException(
                $"The journal in {folder} can't be taken: {path} is held by another process, or may not be written. "
                + "One server at a time owns a journal; stop the other one, or choose another folder.", e);
        }
    }

    /// <summary>Lets go of the folder.</summary>
    public void Dispose() => file.Dispose();
}
