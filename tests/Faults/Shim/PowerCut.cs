namespace ChainCrm.Faults.Shim;

/// <summary>
/// Makes of the files of a killed process what a power cut could have left: writes that no flush has covered are there, are not there, or are torn at a sector,
/// each for itself and in no order. What a flush covered stays. A flush that failed covers nothing, and what it should have written may be lost although a later
/// flush succeeds, as kernels do it.
/// </summary>
internal static class PowerCut
{
    private const int SectorBytes = 512;

    /// <summary>What happened to the writes that were not flushed.</summary>
    public sealed record Damage(int Kept, int Lost, int Torn);

    /// <param name="log">What faults.c kept since the files were last whole.</param>
    /// <param name="random">What is drawn from.</param>
    /// <param name="percent">How many of a hundred writes survive; drawn anew when left out, so that all and nothing come often as well.</param>
    public static Damage Strike(string log, Random random, int? percent = null)
    {
        var files = new Dictionary<string, List<(WriteRecord Write, bool Durable, bool Dropped)>>(StringComparer.Ordinal);
        foreach (var record in WriteLog.Read(log))
        {
            if (!files.TryGetValue(record.Path, out var writes)) files[record.Path] = writes = [];
            switch (record.Kind)
            {
                case Happening.Write:
                    writes.Add((record, false, false));
                    break;
                case Happening.Flushed or Happening.Dropped:
                    for (var i = 0; i < writes.Count; i++)
                    {
                        var (write, durable, dropped) = writes[i];
                        if (write.Sequence > record.Sequence || durable || dropped) continue;
                        writes[i] = record.Kind == Happening.Flushed ? (write, true, false) : (write, false, true);
                    }

                    // What lies before the first write that may be lost is never looked at again.
                    writes.RemoveRange(0, writes.FindIndex(write => !write.Durable) is var first and >= 0 ? first : writes.Count);
                    break;
                case Happening.Renamed:
                    files.Remove(record.Path);
                    files[System.Text.Encoding.UTF8.GetString(record.New)] = writes;
                    break;
                default:
                    throw new InvalidDataException($"The log of writes has a record of kind {record.Kind}.");
            }
        }

        var (kept, lost, torn) = (0, 0, 0);
        var survives = percent ?? random.Next(3) switch { 0 => 0, 1 => 100, _ => random.Next(101) };
        foreach (var (path, writes) in files.Where(file => file.Value.Count > 0 && File.Exists(file.Key)))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 1);
            for (var i = writes.Count - 1; i >= 0; i--) TakeBack(file, writes[i].Write);
            foreach (var (write, durable, _) in writes)
            {
                if (durable) Put(file, write, 0, write.New.Length);
                else if (random.Next(4) == 0 && write.New.Length > SectorBytes) (torn, _) = (torn + 1, Tear(file, write, random));
                else if (random.Next(100) < survives) (kept, _) = (kept + 1, Put(file, write, 0, write.New.Length));
                else lost++;
            }
        }

        return new Damage(kept, lost, torn);
    }

    private static void TakeBack(FileStream file, WriteRecord write)
    {
        file.Position = write.At;
        file.Write(write.Old);
        if (write.At + write.New.Length > write.SizeBefore && file.Length > write.SizeBefore) file.SetLength(write.SizeBefore);
    }

    private static bool Put(FileStream file, WriteRecord write, int from, int count)
    {
        file.Position = write.At + from;
        file.Write(write.New, from, count);
        return true;
    }

    private static bool Tear(FileStream file, WriteRecord write, Random random)
    {
        for (var at = 0; at < write.New.Length; at += SectorBytes)
        {
            if (random.Next(2) == 0) Put(file, write, at, Math.Min(SectorBytes, write.New.Length - at));
        }

        return true;
    }
}
