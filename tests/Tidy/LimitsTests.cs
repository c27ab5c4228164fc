using ChainCrm.Domain;
using ChainCrm.Engine;
using ChainCrm.Grains;
using ChainCrm.Grains.Postgres;
using ChainCrm.Journal;
using ChainCrm.Journal.Postgres;
using Shouldly;
using Xunit;

namespace ChainCrm.Tidy;

/// <summary>The relations between limits that the code relies on.</summary>
public class LimitsTests
{
    [Fact]
    public void A_batch_of_the_engine_fits_one_append() =>
        // Look-ups under way come back into a batch that may have become full meanwhile.
        (GrainLimits.BatchMax + GrainLimits.LoadsInFlightMax).ShouldBeLessThanOrEqualTo(JournalLimits.BatchMax);

    [Fact]
    public void The_bytes_of_a_batch_of_the_engine_fit_one_append() =>
        // The payload that closes a batch may be the largest there is.
        (EngineLimits.BatchBytesMax + JournalLimits.DataBytesMax).ShouldBeLessThanOrEqualTo(JournalLimits.BatchBytesMax);

    [Fact]
    public void What_a_copy_reads_at_once_fits_one_append()
    {
        JournalLimits.CopyBatchEntries.ShouldBeLessThanOrEqualTo(Math.Min(JournalLimits.BatchMax, JournalLimits.ReadMax));
        // A read ends at its bound, or after one entry that is larger.
        Math.Max(JournalLimits.ReadBytesMax, JournalLimits.DataBytesMax).ShouldBeLessThanOrEqualTo(JournalLimits.BatchBytesMax);
    }

    [Fact]
    public void A_copy_outlasts_the_connections_that_are_made_again() =>
        (PostgresLimits.AnswerSeconds * 1_000 + PostgresLimits.ListenRetryMsMax).ShouldBeLessThan(JournalLimits.CopyPatienceMs);

    [Fact]
    public void Points_of_every_kind_can_wait_as_long_as_the_programme_lets_them() =>
        // Points that end with a day of the year must be active by then: the shortest life must be able to be as long as the longest wait.
        Limits.ExpiryMinimumDaysMax.ShouldBeGreaterThanOrEqualTo(Limits.ActiveAfterDaysMax);

    [Fact]
    public void An_extension_reaches_as_far_as_the_longest_life_of_points() =>
        Limits.ExtensionDaysMax.ShouldBeGreaterThanOrEqualTo(Limits.ExpiryMonthsMax * 30);

    [Fact]
    public void The_answer_of_a_server_that_gives_up_arrives_before_it_is_given_up_here()
    {
        PostgresLimits.LockMs.ShouldBeLessThan(PostgresLimits.StatementMs);
        PostgresLimits.StatementMs.ShouldBeLessThan(PostgresLimits.AnswerSeconds * 1_000);
        // Keepalives are to be asked at least once before the silence counts.
        PostgresLimits.UnacknowledgedMs.ShouldBeGreaterThanOrEqualTo(PostgresLimits.KeepAliveSeconds * 1_000);
    }

    /// <summary>docs/operations/postgres.md says how large a chain may get.</summary>
    [Fact]
    public void A_step_of_the_schema_has_the_time_to_read_the_largest_chain_from_a_slow_disk()
    {
        const long entries = 100_000_000, bytesAnEntry = 1_100, bytesASecond = 20_000_000;
        (entries * bytesAnEntry / bytesASecond * 1_000).ShouldBeLessThan(PostgresLimits.MigrationMs);
        PostgresLimits.OwnerWaitMs.ShouldBeLessThan(PostgresLimits.MigrationWaitMs);
    }

    [Fact]
    public void The_names_of_schema_and_channel_fit_what_the_server_keeps_of_a_name() => (PostgresLimits.SchemaLengthMax + "_head".Length).ShouldBeLessThan(64);

    [Fact]
    public void The_longest_names_fit_one_row_of_an_index() =>
        // A row of a B-tree holds at most a third of a page of 8 KiB; a character takes at most three bytes for each half of a surrogate pair.
        (3 * (JournalLimits.StreamLengthMax + JournalLimits.CommandIdLengthMax)).ShouldBeLessThan(8_192 / 3 - 100);

    [Fact]
    public void No_wake_up_is_put_off_for_longer_than_a_clock_that_was_set_back_is_told_by() =>
        GrainLimits.AgendaPutOffMaxMs.ShouldBeGreaterThanOrEqualTo(Math.Max(GrainLimits.BackdatedWakeDelayMs, GrainLimits.RetryDelayMaxMs));

    [Fact]
    public void Whoever_sends_something_is_done_with_it_before_the_agenda_looks_after_it() =>
        // A call that waits longer than the longest wait between two tries of the agenda has been given up.
        Limits.DeliveryDueMs.ShouldBeGreaterThan(GrainLimits.RetryDelayMaxMs);

    [Fact]
    public void The_command_id_of_a_delivery_holds_its_sender_and_its_number() =>
        ("delivery/from//".Length + Limits.IdLengthMax + $"{int.MaxValue}".Length).ShouldBeLessThanOrEqualTo(JournalLimits.CommandIdLengthMax);

    [Fact]
    public void The_largest_delivery_fits_one_payload() =>
        // A part is at most four numbers of twenty digits with their names, at the sender twice: as it lay, and where it was taken.
        (Limits.OpenLotsMax * 2 * (4 * 40L)).ShouldBeLessThan(JournalLimits.DataBytesMax);

    [Fact]
    public void A_grain_cannot_fill_its_partition() => (GrainLimits.GrainMailboxMax * 2).ShouldBeLessThan(GrainLimits.PartitionMailboxMax);

    [Fact]
    public void A_full_partition_mailbox_is_still_in_the_feed_ring() => GrainLimits.PartitionMailboxMax.ShouldBeLessThan(GrainLimits.FeedRingEntries);

    [Fact]
    public void The_largest_receipt_fits_one_payload() =>
        // A line is at most two ids and a category of 64 four-byte characters and ten numbers of twenty digits, with their names.
        (Limits.ReceiptLinesMax * (3 * 64 * 4 + 10 * 40L)).ShouldBeLessThan(JournalLimits.DataBytesMax);

    [Fact]
    public void The_largest_receipt_cannot_overflow() => ((decimal)Limits.ReceiptLinesMax * Limits.AmountMinorMax).ShouldBeLessThan(long.MaxValue);

    [Fact]
    public void What_the_read_models_fold_before_they_write_is_still_in_the_feed_ring() =>
        (GrainLimits.ReadModelFlushEntries + GrainLimits.FeedReadMax).ShouldBeLessThan(GrainLimits.FeedRingEntries);

    [Fact]
    public void A_reader_of_a_busy_feed_waits_before_its_reads_are_full() => GrainLimits.FeedBusyEntries.ShouldBeLessThan(GrainLimits.FeedReadMax);

    [Fact]
    public void A_page_and_a_batch_of_keys_are_one_statement() => GrainLimits.VaultBatchMax.ShouldBeLessThanOrEqualTo(GrainsPostgresLimits.RowsPerStatement);

    [Fact]
    public void The_last_write_of_the_read_side_is_given_up_before_the_server_would_give_it_up() => GrainLimits.LastWriteMs.ShouldBeLessThan(PostgresLimits.LockMs);

    [Fact]
    public void A_snapshot_is_worth_less_often_than_it_is_due() => GrainLimits.SnapshotWorthEntries.ShouldBeLessThan(GrainLimits.SnapshotEveryEntries);

    [Fact]
    public void An_id_fits_a_command_id_with_its_store() => (Limits.IdLengthMax * 2).ShouldBeLessThanOrEqualTo(JournalLimits.CommandIdLengthMax);

    [Fact]
    public void What_goes_to_the_index_at_once_leaves_room_for_as_much_meanwhile() =>
        (JournalLimits.IndexSegmentsMax * JournalLimits.TailSegmentEntries * 2).ShouldBeLessThanOrEqualTo(JournalLimits.UnindexedMax);

    [Fact]
    public void Merges_keep_up_with_a_trillion_entries() =>
        (JournalLimits.TailSegmentEntries * Math.Pow(JournalLimits.IndexMergeRuns, JournalLimits.IndexMergeShare / 3)).ShouldBeGreaterThan(1e12);

    [Fact]
    public void A_block_of_the_index_and_its_row_fit_a_page() =>
        // SQLite moves what is larger than the page less 35 bytes to pages of its own; the row's header takes up to 6.
        JournalLimits.IndexBlockBytes.ShouldBeLessThanOrEqualTo(4_096 - 35 - 6);

    [Fact]
    public void A_slice_of_a_merge_is_more_than_a_block() => JournalLimits.IndexMergeSliceEntries.ShouldBeGreaterThan(JournalLimits.IndexBlockBytes);
}
