namespace ChainCrm.Growth;

/// <summary>Where the journals are: a folder of the caller's that stays, or one of this run that goes.</summary>
internal sealed class Workplace : IDisposable
{
    private readonly bool keep;

    public Workplace(string? data)
    {
        keep = data is not null;
        Folder = data is null ? Directory.CreateTempSubdirectory("chaincrm-growth-").FullName : Directory.CreateDirectory(data).FullName;
    }

    public string Folder { get; }

    /// <summary>A folder that only this bench uses.</summary>
    public string Of(string name) => Path.Combine(Folder, "growth-" + name);

    /// <summary>Prints what a filling will take.</summary>
    /// <exception cref="InvalidOperationException">There is too little room for it.</exception>
    public void AskForRoom(string what, long entries, double bytesEach)
    {
        // journal.db takes 80 bytes beside the payload, index.db 48 while its largest runs are merged, the WAL at most a quarter of a gigabyte.
        var needed = (long)(entries * (bytesEach + 128)) + (256L << 20);
        var free = new DriveInfo(Folder).AvailableFreeSpace;
        Console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{what}: {entries:N0} entries of {bytesEach:N0} bytes will take about {needed / 1e9:N1} GB; {free / 1e9:N1} GB are free in {Folder}"));
        if (needed > free * 0.9) throw new InvalidOperationException($"There is too little room for {what}; --data takes another folder.");
    }

    public void Dispose()
    {
        if (!keep) Directory.Delete(Folder, recursive: true);
    }
}
