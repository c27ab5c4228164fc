using System.Runtime.CompilerServices;
using Shouldly;

namespace ChainCrm.Grains.Tests.Codecs;

/// <summary>
/// Files under Contracts pin the storage format. They are written anew only when the variable UPDATE_CONTRACTS is 1; the difference then
/// shows in review, where a changed line of an old event is a reason to refuse the change.
/// </summary>
internal static class ContractFile
{
    /// <summary>What a file holds.</summary>
    public static string Read(string name, [CallerFilePath] string here = "") => File.ReadAllText(PathOf(name, here));

    public static void ShouldHold(string name, string actual, [CallerFilePath] string here = "")
    {
        var path = PathOf(name, here);
        if (Environment.GetEnvironmentVariable("UPDATE_CONTRACTS") == "1")
            File.WriteAllText(path, actual);
        File.Exists(path).ShouldBeTrue($"Contracts/{name} is missing; run the tests once with UPDATE_CONTRACTS=1 and commit it.");
        actual.ShouldBe(File.ReadAllText(path), $"The storage format of Contracts/{name} changed.");
    }

    private static string PathOf(string name, string here) => Path.Combine(Path.GetDirectoryName(here)!, "..", "Contracts", name);
}
