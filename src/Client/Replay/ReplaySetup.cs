using System.Collections.Concurrent;
using System.Net;
using ChainCrm.Client.Wire;

namespace ChainCrm.Client.Replay;

/// <summary>Makes the server ready for a plan: opens stores it does not know and enrols customers it does not know.</summary>
internal sealed class ReplaySetup(ChainCrmClient client, ReplayKeys keys, string region, string city)
{
    /// <summary>Opens what is missing; the number of stores opened by this call.</summary>
    public async Task<int> OpenStoresAsync(IReadOnlyList<string> stores, Action opened, CancellationToken cancellation)
    {
        var known = (await client.StoresAsync(cancellation)).Stores.Select(store => store.Id).ToHashSet(StringComparer.Ordinal);
        var missing = stores.Where(store => !known.Contains(store)).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = ClientLimits.ReplaySetupInFlight, CancellationToken = cancellation };
        await Parallel.ForEachAsync(missing, options, async (store, stop) =>
        {
            var request = new StoreRequest { Id = store, Name = store, Region = region, City = city };
            await client.OpenStoreAsync(request, ReplayKeys.Store(store), stop);
            opened();
        });
        return missing.Count;
    }

    /// <summary>Enrols (or finds) the customers: their ids in the system by their numbers in the file.</summary>
    public async Task<IReadOnlyDictionary<string, string>> EnrolAsync(
        IReadOnlyList<(string Customer, string HomeStore)> customers, Action enrolled, CancellationToken cancellation)
    {
        var ids = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = ClientLimits.ReplaySetupInFlight, CancellationToken = cancellation };
        await Parallel.ForEachAsync(customers, options, async (customer, stop) =>
        {
            ids[customer.Customer] = await EnrolOneAsync(customer.Customer, customer.HomeStore, stop);
            enrolled();
        });
        return ids;
    }

    private async Task<string> EnrolOneAsync(string customer, string homeStore, CancellationToken cancellation)
    {
        var request = new EnrolRequest { Store = homeStore, HomeStore = homeStore, ExternalId = customer };
        try
        {
            return (await client.EnrolAsync(request, keys.Enrolment(customer), cancellation)).Id;
        }
        catch (ChainCrmException refused) when (refused.Status is (int)HttpStatusCode.Conflict or (int)HttpStatusCode.UnprocessableEntity)
        {
            // Another access key, an import or a till enrolled this customer before: then it is known by its external id.
            return await FindAsync(customer, cancellation) ?? throw new ChainCrmException(refused.Problem!);
        }
    }

    private async Task<string?> FindAsync(string customer, CancellationToken cancellation)
    {
        try
        {
            return (await client.IdentifyAsync(new CustomerKey { ExternalId = customer }, cancellation)).Id;
        }
        catch (ChainCrmException unknown) when (unknown.Problem is not null)
        {
            return null;
        }
    }
}
