using System.Text.Json;
using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Demo;

/// <summary>
/// The file demo.json in the data folder: says that this data is generated, by which template and sizes, and how far the plan has been
/// played. A demo never starts in a folder that holds a real chain, and a generated chain is never taken for a real one.
/// </summary>
internal sealed record DemoMark(string Template, long Seed, int SalesPerDay, int Members, long FirstDayMs, long PlayedUntilMs)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "demo.json";

    /// <summary>The mark of a data folder; null when the folder holds no generated chain.</summary>
    /// <exception cref="WrongConfigurationException">The mark can't be read.</exception>
    public static DemoMark? Read(string folder)
    {
        var file = Path.Combine(folder, FileName);
        if (!File.Exists(file)) return null;
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(file), DemoJson.Default.DemoMark);
        }
        catch (JsonException failure)
        {
            throw new WrongConfigurationException($"{file} is damaged. Delete the demo's data folder and start again.", failure);
        }
    }

    /// <summary>Checks that what the settings ask for fits what the folder holds.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="settings">What is asked for.</param>
    /// <param name="holdsData">The folder has a journal.</param>
    /// <exception cref="WrongConfigurationException">It does not fit.</exception>
    public static DemoMark? Check(string folder, DemoSettings settings, bool holdsData)
    {
        var mark = Read(folder);
        if (settings.Template.Length == 0) return mark;
        if (mark is null)
        {
            return holdsData
                ? throw new WrongConfigurationException($"The data folder {folder} holds a chain that is not a demo. A demo needs a folder of its own (--data).")
                : null;
        }
        if (mark.Template == settings.Template && mark.Seed == settings.Seed && mark.SalesPerDay == settings.SalesPerDay && mark.Members == settings.Members)
            return mark;
        throw new WrongConfigurationException(
            $"The data folder {folder} holds another demo (template {mark.Template}, seed {mark.Seed}, {mark.SalesPerDay} sales a day, " +
            $"{mark.Members} members). Use another folder (--data), or delete this one.");
    }

    /// <summary>Writes the mark; the file is replaced as a whole.</summary>
    public void Write(string folder)
    {
        var file = Path.Combine(folder, FileName);
        File.WriteAllBytes($"{file}.new", JsonSerializer.SerializeToUtf8Bytes(this, DemoJson.Default.DemoMark));
        File.Move($"{file}.new", file, overwrite: true);
    }
}
