// One cluster for all, and some tests stop a part of it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
