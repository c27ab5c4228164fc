using System.Text.Json;
using ChainCrm.Client.Commands;
using Shouldly;

namespace ChainCrm.RealData;

/// <summary>Runs chaincrm as from a shell, against one server.</summary>
internal static class Chaincrm
{
    /// <summary>Runs a command that must end well; what it wrote.</summary>
    public static async Task<string> RunAsync(ServerProcess server, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await CommandLineRoot.RunAsync([.. arguments, "--server", server.Address.ToString(), "--key-file", server.KeyFile], output, error);
        code.ShouldBe(ExitCodes.Done, $"chaincrm {string.Join(' ', arguments)}\n{output}\n{error}");
        return output.ToString();
    }

    /// <summary>Runs a replay; its report.</summary>
    public static async Task<JsonElement> ReplayAsync(ServerProcess server, params string[] arguments)
    {
        var report = server.FileBeside($"report-{Guid.NewGuid():N}.json");
        await RunAsync(server, ["replay", .. arguments, "--state", server.FileBeside("replay-state"), "--json", report]);
        return JsonDocument.Parse(await File.ReadAllBytesAsync(report)).RootElement;
    }

    /// <summary>Runs a rehearsal; its report.</summary>
    public static async Task<JsonElement> RehearseAsync(ServerProcess server, params string[] arguments)
    {
        var report = server.FileBeside($"rehearsal-{Guid.NewGuid():N}.json");
        await RunAsync(server, ["rehearse", .. arguments, "--json", report]);
        return JsonDocument.Parse(await File.ReadAllBytesAsync(report)).RootElement;
    }

    /// <summary>A number of a report, by its path.</summary>
    public static long Number(this JsonElement report, params string[] path) =>
        path.Aggregate(report, (element, name) => element.GetProperty(name)).GetInt64();
}
