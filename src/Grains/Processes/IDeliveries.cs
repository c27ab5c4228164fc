using ChainCrm.Domain;

namespace ChainCrm.Grains.Processes;

/// <summary>
/// What one customer's entry sends to another customer (<see cref="Domain.Customers.DeliverySent"/>): the receiver is asked to take it under a command id that
/// names the sender and the delivery, so that it comes once; then the sender is told that it has arrived, or why it can't, and gets it back. Whatever a
/// crash leaves open the agenda carries through, from the sender's state.
/// </summary>
public interface IDeliveries
{
    /// <summary>
    /// Carries through what an entry sends; does nothing for an entry that sends nothing. What can't be carried through now stays with the agenda: whoever
    /// wrote the entry need not care.
    /// </summary>
    ValueTask CarryThroughAsync(CommittedEntry entry, CancellationToken cancellation = default);

    /// <summary>Whether a customer is there to be sent something: what nobody could take is better not sent at all.</summary>
    ValueTask<ReadReply<bool>> IsThereAsync(string chain, CustomerId customer);
}
