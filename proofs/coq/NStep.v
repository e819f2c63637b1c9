(** The n-step limit: the best loss a chain of [n] shrinkage optimal students can reach.

    An extension of Theorem 4.1, for every shrinkage optimal teacher; least squares is the extreme
    case. Angles to the target: a step that turns by [a] shrinks by [cos a] at least, and [cos] is
    concave, so equal turns are best. *)
From W2S Require Import Floors InnerSpace Shrinkage Flow Limits Sharpness.

(** The tangent to [cos] at [m] lies above it. *)
Lemma cos_tangent (m a : R) :
  0 <= m <= PI / 2 -> 0 <= a <= PI / 2 -> cos a <= cos m - sin m * (a - m).
Proof.
  intros Hm Ha. assert (D : forall t, is_derive cos t (- sin t)) by (intro; auto_derive; trivial; ring).
  destruct (Rle_dec m a) as [O | O].
  - destruct (mean_value cos (fun t => - sin t) m a O) as (c & C & ->); [auto |].
    assert (sin m <= sin c) by (apply sin_incr_1; lra). nra.
  - destruct (mean_value cos (fun t => - sin t) a m) as (c & C & ->); [lra | auto |].
    assert (sin c <= sin m) by (apply sin_incr_1; lra). nra.
Qed.

(** So [k] turns by [m] and one by [a] shrink no less than [k + 1] turns by their mean. *)
Lemma equal_turns (k : nat) (m a x : R) :
  0 <= m <= PI / 2 -> 0 <= a <= PI / 2 -> 0 <= x <= PI / 2 -> (INR k + 1) * x <= INR k * m + a ->
  cos m ^ k * cos a <= cos x ^ S k.
Proof.
  intros Hm Ha Hx H. pose proof (cos_tangent x m Hx Hm). pose proof (cos_tangent x a Hx Ha).
  assert (Cm := cos_ge_0 m ltac:(lra) ltac:(lra)). assert (Ca := cos_ge_0 a ltac:(lra) ltac:(lra)).
  assert (Cx := cos_ge_0 x ltac:(lra) ltac:(lra)). assert (Sx := sin_ge_0 x ltac:(lra) ltac:(lra)).
  set (c := cos x) in *. set (y := sin x * (m - x)) in *.
  assert (B : forall j, (c - y) ^ j * (c + INR j * y) <= c ^ S j).
  { induction j as [| j IH]; [cbn; lra |]. rewrite S_INR. cbn [pow] in *. pose proof (pos_INR j).
    apply (Rmult_le_compat_l c) in IH; trivial. pose proof (pow_le (c - y) j ltac:(lra)).
    assert (0 <= (c - y) ^ j * ((INR j + 1) * y ^ 2)); [| lra].
    apply Rmult_le_pos; [trivial | apply Rmult_le_pos; [lra | apply pow2_ge_0]]. }
  apply Rle_trans with (2 := B k), Rmult_le_compat; trivial; [now apply pow_le | now apply pow_incr |].
  unfold y. nra.
Qed.

(** ** The bound *)
Section Bound.
Context {V : inner_space} (target : V) (unit_target : sqnorm target = 1).

(** The angle of [u] to the target, any angle if [u] is 0. *)
Definition at_angle (u : V) (a : R) : Prop := 0 <= a <= PI /\ ip target u = vnorm u * cos a.

Lemma angle_exists (u : V) : exists a, at_angle u a.
Proof using unit_target.
  pose proof (cauchy_schwarz target u) as C. unfold vnorm at 1 in C.
  rewrite unit_target, sqrt_1, Rmult_1_l in C. pose proof (Rabs_pos (ip target u)).
  apply Rabs_le_between in C. exists (acos (ip target u / vnorm u)). split; [apply acos_bound |].
  destruct (vnorm_pos u) as [P | Z]; [| rewrite <- Z in *; lra]. rewrite cos_acos; [field; lra |].
  split; apply Rmult_le_reg_r with (vnorm u); try (unfold Rdiv; rewrite Rmult_assoc, Rinv_l); lra.
Qed.

(** The parts of vectors orthogonal to the target are vectors of a space of their own. *)
Definition orthogonal_space : inner_space.
Proof using V target unit_target.
  refine {| carrier := V; vzero := vzero; vadd := vadd; vscale := vscale;
            ip := fun x y => ip x y - ip target x * ip target y |}; intros; try (expand; ring).
  pose proof (cauchy_schwarz_sqr target x). rewrite unit_target in *. unfold sqnorm in *. lra.
Defined.

(** The angle between two vectors is at least the difference of their angles to the target. *)
Lemma angle_between (u w : V) (a b : R) :
  at_angle u a -> at_angle w b -> ip u w <= vnorm u * vnorm w * cos (a - b).
Proof using unit_target.
  intros [Ha E] [Hb F]. rewrite cos_minus. set (W := orthogonal_space).
  assert (P : forall x c, 0 <= c <= PI -> ip target x = vnorm x * cos c -> @vnorm W x <= vnorm x * sin c).
  { intros x c Hc G. pose proof (sin_ge_0 c ltac:(lra) ltac:(lra)). pose proof (vnorm_pos x).
    apply vnorm_le_const; [now apply Rmult_le_pos |]. unfold sqnorm. cbn. rewrite G, <- vnorm_sqr.
    pose proof (sin2_cos2 c) as T. unfold Rsqr in T. apply Req_le.
    transitivity (vnorm x ^ 2 * (1 - cos c * cos c)); [ring | rewrite <- T; ring]. }
  assert (B := ip_le (V := W) u w). cbn in B. rewrite E, F in B.
  pose proof (Rmult_le_compat _ _ _ _ (vnorm_pos (V := W) u) (vnorm_pos (V := W) w)
    (P u a Ha E) (P w b Hb F)). lra.
Qed.

(** A step turns by [t] towards the target at most, and shrinks by [cos t] at least. *)
Lemma step_angle (g h : V) (b : R) :
  at_angle g b -> shrinkage_optimal g h ->
  exists c t, at_angle h c /\ 0 <= t <= PI / 2 /\ b - t <= c /\ vnorm h <= vnorm g * cos t.
Proof using unit_target.
  intros Hb H. apply shrinkage_iff_ip in H. rewrite ip_sub_r, <- vnorm_sqr in H.
  pose proof (vnorm_pos g). pose proof (proj1 Hb). destruct (angle_exists h) as [c Hc].
  destruct (vnorm_pos h) as [P | Z].
  - assert (N : vnorm h <= vnorm g * cos (c - b)).
    { apply Rmult_le_reg_r with (1 := P). pose proof (angle_between h g c b Hc Hb). lra. }
    exists c. destruct Hc as [Hc E]. destruct (Rle_dec b c) as [O | O].
    + exists 0. rewrite cos_0. pose proof (COS_bound (c - b)). splits; [now split | lra | lra | lra | nra].
    + rewrite <- cos_neg, Ropp_minus_distr in N. exists (b - c). splits; [now split | lra | | lra | lra].
      apply Rnot_lt_le. intro X. pose proof (cos_le_0 (b - c) ltac:(lra) ltac:(lra)). nra.
  - exists (PI / 2), (PI / 2). pose proof PI_RGT_0. destruct Hc as [_ E]. rewrite <- Z in *.
    unfold at_angle. rewrite cos_PI2, E, <- Z. splits; lra.
Qed.

(** A chain does no better than one with equal turns [a], not past the target. *)
Lemma chain_turns (f : nat -> V) (n : nat) (psi : R) :
  student_chain f n -> 0 <= psi <= PI / 2 -> at_angle (f O) psi ->
  exists a b, 0 <= a <= PI / 2 /\ INR n * a <= psi /\ vnorm (f n) <= vnorm (f O) * cos a ^ n /\
    psi - INR n * a <= b /\ at_angle (f n) b.
Proof using unit_target.
  intros C Hpsi E. induction n as [| n IH].
  { exists 0, psi. cbn. rewrite Rmult_0_l. splits; trivial; lra. }
  destruct IH as (a & b & Ha & A & Hn & B & Hb); [intros i Hi; apply C; lia |].
  destruct (step_angle _ _ b Hb (C n (Nat.lt_succ_diag_r n))) as (c & t & Hc & Ht & T & N).
  pose proof (pos_INR n). rewrite S_INR. set (x := Rmin (INR n * a + t) psi / (INR n + 1)).
  assert (X : (INR n + 1) * x = Rmin (INR n * a + t) psi) by (unfold x; field; lra).
  assert (0 <= Rmin (INR n * a + t) psi) by (apply Rmin_glb; nra).
  pose proof (Rmin_l (INR n * a + t) psi). pose proof (Rmin_r (INR n * a + t) psi).
  assert (Hx : 0 <= x <= PI / 2) by (split; nra).
  exists x, c. splits; try lra; trivial.
  - apply Rle_trans with (1 := N). assert (Q := equal_turns n a t x Ha Ht Hx ltac:(lra)).
    apply (Rmult_le_compat_l _ _ _ (vnorm_pos (f O))) in Q.
    pose proof (cos_ge_0 t ltac:(lra) ltac:(lra)). nra.
  - rewrite X. destruct Hc. unfold Rmin. destruct (Rle_dec _ _); lra.
Qed.

(** Whatever the chain, some equal turn [phi] does as well as it. *)
Lemma nstep_bound (theta : R) (f : nat -> V) (n : nat) :
  0 <= theta < PI / 2 -> (1 <= n)%nat -> shrinkage_optimal target (f O) -> student_chain f n ->
  loss (f O) target = sin theta ^ 2 ->
  exists phi, 0 <= phi <= theta / INR n /\ chain_objective n theta phi <= loss (f n) target.
Proof using unit_target.
  intros Hth Hn Ht C HL. assert (N := le_INR 1 n Hn). cbn in N. pose proof PI_RGT_0.
  assert (Q : forall g, loss g target = 1 - 2 * ip target g + vnorm g ^ 2).
  { intro g. rewrite <- unit_target. pose proof (vnorm_sqr g) as G. revert G. expand. lra. }
  assert (K := sin2_cos2 theta). unfold Rsqr in K. assert (K0 : 0 < cos theta) by (apply cos_gt_0; lra).
  destruct (angle_exists (f O)) as (psi & Hpsi & E). apply shrinkage_iff_ip in Ht.
  rewrite ip_sub_r, (ip_sym V (f O) target), <- vnorm_sqr, E in Ht. rewrite Q, E in HL.
  set (r := vnorm (f O)) in *. set (k := cos theta) in *. set (s := sin theta) in *.
  assert (Hr : 0 < r) by (destruct (vnorm_pos (f O)) as [R0 | Z]; [trivial | fold r in Z; nra]).
  assert (Rp : r <= cos psi) by (apply Rmult_le_reg_l with r; lra).
  assert (O : k <= cos psi) by (pose proof (pow2_ge_0 (k - r)); apply Rmult_le_reg_l with r; lra).
  assert (Hpsi' : psi <= PI / 2).
  { apply Rnot_lt_le. intro X. assert (cos psi <= 0) by (apply cos_le_0; lra). lra. }
  assert (T : psi <= theta) by (apply Rnot_lt_le; intro G; apply cos_decreasing_1 in G; unfold k in O; lra).
  destruct (chain_turns f n psi C (conj (proj1 Hpsi) Hpsi') (conj Hpsi E))
    as (a & b & Ha & A & HN & B & [Hb F]).
  exists a. split.
  { split; [lra |]. apply Rmult_le_reg_l with (INR n); [lra |].
    replace (INR n * (theta / INR n)) with theta by (field; lra). lra. }
  unfold chain_objective. rewrite Nat.mul_comm, pow_mult, Q, F. fold k r in HN |- *.
  assert (X0 : 0 <= INR n * a) by nra. set (x := INR n * a) in *. set (q := vnorm (f n)) in *.
  assert (C0 := cos_ge_0 a ltac:(lra) ltac:(lra)). pose proof (COS_bound a).
  assert (Hc : 0 <= cos a ^ n <= 1).
  { split; [now apply pow_le |]. rewrite <- (pow1 n). apply pow_incr. lra. }
  set (c := cos a ^ n) in *.
  (* a shrinkage optimal teacher that is not least squares is worse for the student *)
  assert (L : 1 - 2 * k * c * cos (theta - x) + k ^ 2 * c ^ 2
    <= 1 - 2 * r * c * cos (psi - x) + r ^ 2 * c ^ 2).
  { assert (G : k <= cos (theta - x)) by (apply cos_decr_1; lra).
    assert (D := sin_ge_0 (theta - psi) ltac:(lra) ltac:(lra)). rewrite sin_minus in D.
    rewrite cos_minus in G |- *. rewrite cos_minus. fold k s in G, D |- *.
    set (p := r * cos psi) in *. set (y := r * sin psi).
    assert (Y : 0 <= s * p - k * y) by (apply (Rmult_le_compat_l r) in D; unfold p, y; lra).
    assert (X := sin_ge_0 x ltac:(lra) ltac:(lra)).
    assert (W : 0 <= (k * k - p) * (cos x - c) + (k * s - y) * sin x).
    { replace (k * k - p) with (p - r * r) by lra. apply Rmult_le_reg_l with k; trivial.
      assert (0 <= (p - r * r) * (k * cos x + s * sin x - k)) by (apply Rmult_le_pos; lra).
      assert (0 <= (p - r * r) * (k * (1 - c))) by (repeat apply Rmult_le_pos; lra).
      assert (0 <= (s * p - k * y) * sin x) by (apply Rmult_le_pos; lra).
      assert (k * k * (s * sin x) = (2 * p - r * r) * (s * sin x)) by (f_equal; lra). lra. }
    apply (Rmult_le_compat_l (2 * c)) in W; [| lra].
    assert (k * k * c ^ 2 = (2 * p - r * r) * c ^ 2) by (f_equal; lra). unfold p, y in *. lra. }
  apply Rle_trans with (1 := L).
  assert (C1 : cos psi <= cos (psi - x)) by (apply cos_decr_1; lra).
  assert (C2 : cos b <= cos (psi - x)) by (apply cos_decr_1; lra).
  pose proof (vnorm_pos (f n)) as Q0. fold q in Q0.
  assert ((cos (psi - x) - r * c) ^ 2 <= (cos (psi - x) - q) ^ 2) by (apply pow_incr; nra). nra.
Qed.
End Bound.

(** A teacher orthogonal to the target has loss 1, and so has every chain from it. *)
Lemma chain_floor_right_angle (n : nat) (m : R) : is_chain_floor n (PI / 2) m -> m = 1.
Proof. intros [_ (phi & _ & <-)]. unfold chain_objective. rewrite cos_PI2. ring. Qed.

(** [nstep] The floor exists, and bounds every chain from a shrinkage optimal teacher. *)
Theorem nstep (theta : R) (n : nat) :
  0 <= theta <= PI / 2 -> (1 <= n)%nat ->
  (exists m, is_chain_floor n theta m) /\
  forall (m : R) (V : inner_space) (target : V) (f : nat -> V),
    is_chain_floor n theta m ->
    sqnorm target = 1 -> shrinkage_optimal target (f O) -> student_chain f n ->
    loss (f O) target = sin theta ^ 2 -> m <= loss (f n) target.
Proof.
  intros Hth Hn. split.
  - destruct (continuity_ab_min (chain_objective n theta) 0 (theta / INR n)) as (phi & Hmin & Hphi).
    + apply Rdiv_le_0_compat; [lra | apply (lt_INR 0); lia].
    + intros c _. apply derivable_continuous_pt, ex_derive_Reals_0. unfold chain_objective. now auto_derive.
    + exists (chain_objective n theta phi). split; [exact Hmin | now exists phi].
  - intros m V target f Hm U T C L. destruct Hth as [H0 [H1 | ->]].
    + destruct (nstep_bound target U theta f n) as (phi & P & Q); trivial; [now split |].
      apply Rle_trans with (2 := Q). now apply Hm.
    + rewrite (chain_floor_right_angle n m Hm). destruct (cor_2 target f n U T C) as [_ B].
      rewrite L, sin_PI2 in B. unfold bounded_floor in B. replace (1 - 1 ^ 2) with 0 in B by ring.
      rewrite sqrt_0 in B. lra.
Qed.

(** ** Attainment, and what follows *)
(** The spiral: turn by [phi] and shrink by [cos phi], [i] times. *)
Definition spiral (theta phi : R) (i : nat) : R2 :=
  vscale (cos theta * cos phi ^ i) ((cos (theta - INR i * phi), sin (theta - INR i * phi)) : R2).

Lemma spiral_link theta phi i :
  ip (spiral theta phi (S i)) (vsub (spiral theta phi i) (spiral theta phi (S i))) = 0.
Proof.
  unfold spiral. rewrite S_INR.
  replace (theta - INR i * phi) with ((theta - (INR i + 1) * phi) + phi) by ring.
  cbn. rewrite cos_plus, sin_plus. ring.
Qed.

(** [nstep-sharp] Every value of the objective is the loss of a chain that starts at least squares. *)
Theorem nstep_sharp (theta phi : R) (n : nat) :
  let f := spiral theta phi in
  sqnorm unit_x = 1 /\ least_squares (span (fun _ => f O) 1) unit_x (f O) /\ student_chain f n /\
  loss (f O) unit_x = sin theta ^ 2 /\ loss (f n) unit_x = chain_objective n theta phi.
Proof.
  assert (Q : forall a x : R, loss (vscale a ((cos x, sin x) : R2)) unit_x = a * a - 2 * a * cos x + 1).
  { intros a x. pose proof (sin2_cos2 x). unfold Rsqr, loss, sqnorm in *. cbn. nra. }
  assert (T := sin2_cos2 theta). unfold Rsqr in T. cbv zeta. unfold spiral. splits; rewrite ?Q.
  - exact unit_x_unit.
  - apply one_feature_teacher. cbn. rewrite Rmult_0_l, Rminus_0_r. nra.
  - intros i _. apply shrinkage_iff_ip, Req_le. symmetry. apply spiral_link.
  - cbn. rewrite Rmult_0_l, Rminus_0_r. lra.
  - unfold chain_objective. rewrite Nat.mul_comm, pow_mult. ring.
Qed.

(** [nstep-ends] One student: Theorem 4.1. More students: never higher, never below Theorem 4.2,
    which is the limit, at the rate [1 / n]. *)
Theorem nstep_ends (theta : R) :
  0 <= theta <= PI / 2 ->
  is_chain_floor 1 theta (shrinkage_floor (sin theta ^ 2)) /\
  bounded_floor (sin theta ^ 2) = (1 - cos theta) ^ 2 /\
  forall n m m', (1 <= n)%nat -> is_chain_floor n theta m -> is_chain_floor (n + 1) theta m' ->
    m' <= m /\ bounded_floor (sin theta ^ 2) <= m /\
    m <= (1 - cos theta * (1 - theta ^ 2 / (2 * INR n))) ^ 2.
Proof.
  intros [H0 [H1 | ->]].
  2: { assert (B : bounded_floor (sin (PI / 2) ^ 2) = 1).
       { unfold bounded_floor. rewrite sin_PI2. replace (1 - 1 ^ 2) with 0 by ring. rewrite sqrt_0. ring. }
       rewrite B, cos_PI2, sin_PI2. pose proof PI_RGT_0. splits; [| lra |].
       - unfold shrinkage_floor. replace (_ * (1 - 1 ^ 2)) with 0 by ring. rewrite sqrt_0.
         split; [| exists 0; split]; intros; unfold chain_objective; rewrite ?cos_PI2; cbn; lra.
       - intros n m m' _ Hm Hm'. apply chain_floor_right_angle in Hm, Hm'. lra. }
  assert (Hth : 0 <= theta < PI / 2) by now split. assert (T := sin2_cos2 theta). unfold Rsqr in T.
  assert (K : 0 < cos theta) by (apply cos_gt_0; lra). pose proof (COS_bound theta). splits.
  - assert (Low : forall phi, shrinkage_floor (sin theta ^ 2) <= chain_objective 1 theta phi).
    { intro phi. destruct (nstep_sharp theta phi 1) as (U & S & C & <- & <-).
      apply thm_4_1; trivial; [exact (span_teacher _ _ _ _ S) | apply (C 0%nat); lia]. }
    split; [auto |]. destruct (proj1 (thm_4_1_sharp (sin theta ^ 2) ltac:(nra)))
      as (t & fT & fS & U & S & C & L & E). apply span_teacher in S.
    destruct (nstep_bound t U theta (fun i => if Nat.eqb i 0 then fT else fS) 1) as (phi & P & Q); trivial.
    + intros i Hi. now replace i with O by lia.
    + exists phi. split; trivial. apply Rle_antisym; [rewrite <- E; exact Q | apply Low].
  - unfold bounded_floor. rewrite (sqrt_lem_1 _ (cos theta)); nra.
  - intros n m m' Hn [Hm (phi & _ & E)] Hm'. assert (N := le_INR 1 n Hn). cbn in N.
    destruct (nstep_sharp theta phi n) as (U & S & C & L & F). apply span_teacher in S. splits.
    + pose (f := fun i => spiral theta phi (Nat.min i n)).
      rewrite <- E, <- F, <- (Nat.min_r (n + 1) n) at 1 by lia.
      apply (proj2 (nstep theta (n + 1) ltac:(lra) ltac:(lia)) m' R2 unit_x f); trivial. intros i Hi. unfold f.
      destruct (Nat.eq_dec i n) as [-> | O]; [| rewrite !Nat.min_l by lia; apply C; lia].
      rewrite !Nat.min_r by lia. apply shrinkage_iff_ip. rewrite ip_sub_r. lra.
    + rewrite <- E, <- F, <- L. now apply (cor_2 unit_x _ n).
    + (* the turn [theta / n], by [cos x >= 1 - x^2 / 2] *)
      set (x := theta / INR n) in *. assert (X : INR n * x = theta) by (unfold x; field; lra).
      assert (Hx : 0 <= x <= theta) by (split; nra). specialize (Hm x ltac:(lra)).
      unfold chain_objective in Hm. rewrite X, Rminus_eq_0, cos_0, Nat.mul_comm, pow_mult in Hm.
      destruct (mean_value (fun t => cos t + t ^ 2 / 2) (fun t => t - sin t) 0 x) as (y & Hy & D);
        [lra | intros; auto_derive; [trivial | field] |]. rewrite cos_0 in D.
      assert (0 <= y - sin y).
      { destruct Hy as [[Y | <-] _]; [pose proof (sin_lt_x y Y) | rewrite sin_0]; lra. }
      assert (P : forall k, 0 <= cos x ^ k <= 1 /\ 1 - INR k * (1 - cos x) <= cos x ^ k).
      { pose proof (cos_ge_0 x ltac:(lra) ltac:(lra)). pose proof (COS_bound x).
        induction k; [cbn; lra |]. rewrite S_INR. cbn [pow]. nra. }
      destruct (P n) as [P1 P2]. apply Rle_trans with ((1 - cos theta * cos x ^ n) ^ 2); [lra |].
      apply pow_incr. split; [nra |]. assert (INR n * (1 - cos x) <= theta ^ 2 / (2 * INR n)); [| nra].
      replace (theta ^ 2 / (2 * INR n)) with (INR n * (x ^ 2 / 2)) by (unfold x; field; lra).
      apply Rmult_le_compat_l; [lra | nra].
Qed.
