using ChainCrm.Client;
using ChainCrm.Grains;
using ChainCrm.Journal;
using ChainCrm.Silo;
using Shouldly;
using Xunit;

namespace ChainCrm.Tidy;

/// <summary>The relations between the limits of hosting, wall and demo that the code relies on.</summary>
public class HostLimitsTests
{
    [Fact]
    public void The_web_server_reads_the_largest_body_that_a_route_takes() =>
        HostLimits.RequestBodyBytesMax.ShouldBeGreaterThanOrEqualTo(ApiLimits.BatchBodyBytesMax);

    [Fact]
    public void A_browser_gets_at_most_five_messages_a_second() => (1_000 / HostLimits.WallTickMs).ShouldBeLessThanOrEqualTo(5);

    [Fact]
    public void A_queue_of_one_wall_holds_more_than_a_second_and_less_than_what_is_kept_for_all()
    {
        (HostLimits.WallQueueMax * HostLimits.WallTickMs).ShouldBeGreaterThan(1_000);
        HostLimits.WallQueueMax.ShouldBeLessThan(HostLimits.WallTicksKept);
    }

    [Fact]
    public void A_busy_read_side_that_keeps_up_is_not_called_lagging() =>
        (GrainLimits.ReadModelFlushEntries + GrainLimits.FeedReadMax).ShouldBeLessThan((int)HostLimits.ReadSideLagWarning);

    [Fact]
    public void Names_of_one_tick_are_opened_within_the_tick() => HostLimits.WallNameTimeoutMs.ShouldBeLessThan(HostLimits.WallTickMs);

    [Fact]
    public void The_demo_cannot_crowd_out_the_tills() => (HostLimits.DemoFillParallel * 10).ShouldBeLessThan(GrainLimits.PartitionMailboxMax);

    [Fact]
    public void Telephone_numbers_of_the_first_members_do_not_meet_those_of_later_ones() => HostLimits.DemoMembersMax.ShouldBeLessThanOrEqualTo(1_000_000);

    [Fact]
    public void What_a_backup_writes_a_backup_reads()
    {
        BackupLimits.ChunkBytes.ShouldBeLessThanOrEqualTo(ClientLimits.BackupChunkBytesMax);
        // The largest payload with stream and command, at most three bytes a character, and the numbers.
        (JournalLimits.DataBytesMax + (3 * (JournalLimits.StreamLengthMax + JournalLimits.CommandIdLengthMax)) + 64).ShouldBeLessThanOrEqualTo(BackupLimits.RecordBytesMax);
        BackupLimits.EntriesPerRead.ShouldBeLessThanOrEqualTo(JournalLimits.ReadMax);
        BackupLimits.KeysPerRead.ShouldBeLessThanOrEqualTo(GrainLimits.VaultBatchMax);
    }

    [Fact]
    public void A_receiver_at_the_slowest_pace_does_not_give_the_server_up() =>
        (BackupLimits.ChunkBytes * 1_000L / BackupLimits.ReceiveBytesPerSecondMin).ShouldBeLessThan(ClientLimits.BackupSilenceMs);

    [Fact]
    public void What_a_restore_appends_at_once_the_journal_takes()
    {
        BackupLimits.EntriesPerAppend.ShouldBeLessThanOrEqualTo(JournalLimits.BatchMax);
        // The payload that closes a batch may be the largest there is.
        (BackupLimits.AppendBytes + JournalLimits.DataBytesMax).ShouldBeLessThanOrEqualTo(JournalLimits.BatchBytesMax);
    }
}
