namespace Consometer.Rings;

/// <summary>What a ring file says, taken at its word: the ids in the table may be of no device.</summary>
/// <param name="Header">What it says of itself.</param>
/// <param name="Devices">The devices by id; null where one was removed.</param>
/// <param name="Assignments">Which ids hold which partition.</param>
/// <param name="TableOffset">Where the table begins in the inflated ring.</param>
internal sealed record DecodedRing(RingHeader Header, IReadOnlyList<Device?> Devices, AssignmentTable Assignments, long TableOffset)
{
    /// <summary>Whether an id is one of the devices.</summary>
    public bool HasDevice(uint id) => id < (uint)Devices.Count && Devices[(int)id] is not null;

    /// <summary>The table, when every id of it is a device's or none's.</summary>
    /// <exception cref="RingFormatException">An id without a device.</exception>
    public RingTable ToTable()
    {
        var partitionsByDevice = new int[Devices.Count];
        return Assignments.TryCount(partitionsByDevice) && !Devices.Index().Any(IsCountedWithout)
            ? new RingTable(this, partitionsByDevice)
            : throw WrongId(Enumerable.Range(0, Assignments.Entries).First(IsWrong));

        // A list of more than 65,535 devices has a place for the id that stands for none.
        bool IsCountedWithout((int Id, Device? Device) place) =>
            place.Device is null && partitionsByDevice[place.Id] > 0 && place.Id != Assignments.Unassigned;
    }

    /// <summary>The fault of an id without a device.</summary>
    /// <param name="entry">Where in the table.</param>
    public RingFormatException WrongId(int entry)
    {
        var id = Assignments.IdAt(entry);
        return RingFormatException.At(
            TableOffset + ((long)entry * Header.DeviceIdBytes),
            $"the id of one of {Devices.Count} devices",
            $"{id}{(id < (uint)Devices.Count ? ", which was removed" : "")} (partition {entry % Assignments.Partitions}, row {entry / Assignments.Partitions})");
    }

    private bool IsWrong(int entry) => Assignments.IdAt(entry) is var id && id != Assignments.Unassigned && !HasDevice(id);
}
