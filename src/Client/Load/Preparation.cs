using System.Net;
using System.Net.Sockets;
using ChainCrm.Client.Replay;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Load;

/// <summary>Opens the stores and enrols the customers of a load; the same every time, so that it can be repeated and grown.</summary>
internal static class Preparation
{
    private const int EnrolConnections = 128;

    /// <summary>The address to connect to.</summary>
    public static async Task<EndPoint> ResolveAsync(Uri server, CancellationToken cancellation)
    {
        if (server.Scheme != "http") throw new ChainCrmException("The load generator speaks plain http only.");
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(server.DnsSafeHost, cancellation);
            return new IPEndPoint(addresses.OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1).First(), server.Port);
        }
        catch (SocketException unknown)
        {
            throw new ChainCrmException($"{server.DnsSafeHost} is not known: {unknown.Message}", unknown);
        }
    }

    /// <summary>Opens the stores that are missing.</summary>
    public static async Task<int> OpenStoresAsync(ChainCrmClient client, LoadShape shape, CancellationToken cancellation)
    {
        var stores = Enumerable.Range(0, shape.Stores).Select(LoadShape.StoreId).ToList();
        return await new ReplaySetup(client, new ReplayKeys(shape.AccessKey), "Load", "Load").OpenStoresAsync(stores, () => { }, cancellation);
    }

    /// <summary>Enrols all customers, those that are known included.</summary>
    public static async Task<LoadResult> EnrolAsync(LoadShape shape, EndPoint server, CancellationToken cancellation)
    {
        using var run = new LoadRun(new EnrolSource(shape), server, new RunPlan { Connections = Math.Min(EnrolConnections, shape.Customers) });
        return await run.RunAsync("enrol", cancellation);
    }

    /// <summary>Says what to do when the load was not prepared: the last customer tells.</summary>
    public static async Task CheckAsync(ChainCrmClient client, LoadShape shape, CancellationToken cancellation)
    {
        try
        {
            await client.IdentifyAsync(new CustomerKey { Card = LoadShape.Card(shape.Customers - 1) }, cancellation);
        }
        catch (ChainCrmException unknown) when (unknown.Status == (int)HttpStatusCode.NotFound)
        {
            throw new ChainCrmException("The customers of the load are not enrolled yet: run once with --prepare.");
        }
    }
}
