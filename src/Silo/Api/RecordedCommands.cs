using ChainCrm.Domain;
using ChainCrm.Domain.Identities;
using ChainCrm.Grains;
using ChainCrm.Grains.Codecs;
using ChainCrm.Grains.Directories;
using ChainCrm.Journal;

namespace ChainCrm.Silo.Api;

/// <summary>
/// Whether a request that is about to be refused was recorded before. A till whose answer was lost sends its sale again, and what has changed since
/// (the store closed, the customer has another telephone number) must not make a recorded sale look like a refused one. Asked only on the way to a
/// refusal: it reads the journal.
/// </summary>
internal static class RecordedCommands
{
    /// <summary>Null when the grain holds the command, so that it can be passed on and gets its recorded answer; otherwise why it is refused.</summary>
    public static async ValueTask<Rejection?> UnlessRecordedAsync(ApiServices api, GrainId grain, string commandId, Rejection refusal)
    {
        try
        {
            return await api.Journal.FindCommandAsync(grain.Stream, commandId) is null ? refusal : null;
        }
        catch (JournalUnavailableException)
        {
            // A refusal would be final, and it may be the wrong answer.
            return EngineRejections.Unreadable;
        }
    }

    /// <summary>The entry of a command that the grain holds; null when it holds none.</summary>
    public static async ValueTask<Outcome<CommittedEntry?>> FindAsync(ApiServices api, GrainId grain, string commandId)
    {
        try
        {
            return new Outcome<CommittedEntry?>(await api.Journal.FindCommandAsync(grain.Stream, commandId) is { } found ? EntryCodec.Decode(found) : null, null);
        }
        catch (JournalUnavailableException)
        {
            return EngineRejections.Unreadable;
        }
    }

    /// <summary>The customer whom an identity once led to and who holds the command; null when there is none.</summary>
    public static async ValueTask<Outcome<CustomerId?>> FormerHolderAsync(ApiServices api, string chain, IdentityRef identity, string commandId)
    {
        try
        {
            var entries = await api.Journal.ReadStreamBackwardAsync(
                IdentityLookup.GrainOf(chain, identity).Stream, long.MaxValue, ApiLimits.FormerHolderEntriesMax);
            var holders = entries.SelectMany(entry => EntryCodec.Decode(entry).Events).OfType<IdentityEvent>().Select(happened => happened.Customer).Distinct();
            foreach (var holder in holders)
            {
                var grain = new GrainId(chain, GrainKinds.Customer, holder.Value);
                if (await api.Journal.FindCommandAsync(grain.Stream, commandId) is not null) return new Outcome<CustomerId?>(holder, null);
            }

            return new Outcome<CustomerId?>(null, null);
        }
        catch (JournalUnavailableException)
        {
            return EngineRejections.Unreadable;
        }
    }
}
